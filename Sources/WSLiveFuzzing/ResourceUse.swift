/// What the process of a peer used while conversations were played.
package struct ResourceUse: Sendable, Hashable {
    /// How many octets its resident memory grew.
    package var memoryGrowth: UInt64
    /// Its processor time, in nanoseconds.
    package var processor: Int64

    /// Creates a use.
    package init(memoryGrowth: UInt64, processor: Int64) {
        self.memoryGrowth = memoryGrowth
        self.processor = processor
    }

    /// How much that is for so many conversations.
    func weight(of conversations: Int) -> Weight {
        // Processor time is measured in ticks of 10 ms, and memory comes in pages that are kept for later.
        Weight(
            memory: memoryGrowth < Self.usualGrowth ? 0 : (memoryGrowth / (Self.usualGrowth / 2)).bitWidthOfValue,
            processor: UInt64(max(0, processor) / Int64(max(1, conversations)) / Self.usualTime).bitWidthOfValue
        )
    }

    private static let usualGrowth: UInt64 = 4 << 20
    private static let usualTime: Int64 = 10_000_000

    /// Classes of memory and of processor time, each for twice as much as the one before; 0 is usual.
    struct Weight: Sendable, Hashable {
        var memory = 0
        var processor = 0

        /// Whether one of the two is more than it was in any of the others.
        func exceeds(_ other: Self) -> Bool { memory > other.memory || processor > other.processor }

        /// The larger class of each.
        func largest(with other: Self) -> Self {
            Self(memory: max(memory, other.memory), processor: max(processor, other.processor))
        }
    }
}

extension UInt64 {
    /// The number of bits up to the highest one that is set.
    fileprivate var bitWidthOfValue: Int { bitWidth - leadingZeroBitCount }
}

/// How the resident memory of a peer went over a run.
package struct MemorySlope: Sendable {
    private var samples: [(plays: Int, resident: UInt64)] = []
    /// One in so many values is kept, so that a run of any length has a bounded number.
    private var interval = 1
    private var seen = 0

    private static let mostSamples = 512
    private static let fewestSamples = 16
    private static let leastRise: UInt64 = 16 << 20

    /// Creates a slope without values.
    package init() {}

    /// Notes the resident memory after so many conversations.
    package mutating func note(_ resident: UInt64, after plays: Int) {
        seen += 1
        guard seen.isMultiple(of: interval) else { return }
        samples.append((plays, resident))
        guard samples.count > Self.mostSamples else { return }
        samples = samples.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        interval *= 2
    }

    /// How many octets each conversation left behind; nil unless the memory rose steadily, and by much.
    ///
    /// The first quarter is left out, in which a peer gets its buffers and compiles its program. Of the rest, each
    /// quarter has to lie above the one before.
    package var octetsOfConversation: UInt64? {
        let later = samples.dropFirst(samples.count / 4)
        guard later.count >= Self.fewestSamples, let first = later.first, let last = later.last else { return nil }
        let length = later.count / 4
        let quarters = (0..<4).map { number in
            later.dropFirst(number * length).prefix(length).map(\.resident).sorted()[length / 2]
        }
        let rises = zip(quarters, quarters.dropFirst()).allSatisfy { $1 > $0 }
        guard rises, quarters[3] - quarters[0] >= Self.leastRise, last.plays > first.plays else { return nil }
        // From the middle of the first quarter to that of the last one.
        let plays = UInt64(max(1, (last.plays - first.plays) * 3 / 4))
        return (quarters[3] - quarters[0]) / plays
    }
}
