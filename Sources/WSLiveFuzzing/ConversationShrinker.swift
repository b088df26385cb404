import WSProtocol
import WSScenario

/// Makes a conversation smaller for as long as what it shows stays.
///
/// It proposes one conversation after the other, each with less: frames first, then octets, then what is unusual about
/// a frame, then where it is cut. Whoever plays them says whether the same was seen.
package struct ConversationShrinker: Sendable {
    /// The smallest conversation that showed it.
    package private(set) var smallest: FuzzConversation
    private var candidates: [FuzzConversation]
    private var next = 0
    private var seen: Set<FuzzConversation>
    /// How many more proposals may be made.
    private var left: Int

    /// How many plays a finding is worth.
    package static let mostPlays = 160

    /// Creates a shrinker.
    package init(_ conversation: FuzzConversation, plays: Int = mostPlays) {
        smallest = conversation
        seen = [conversation]
        candidates = Self.smaller(than: conversation)
        left = plays
    }

    /// The next conversation to play; nil if none is left.
    package mutating func proposal() -> FuzzConversation? {
        while left > 0, next < candidates.count {
            let candidate = candidates[next]
            guard seen.insert(candidate).inserted else {
                next += 1
                continue
            }
            return candidate
        }
        return nil
    }

    /// Notes what the proposal showed.
    ///
    /// - Parameters:
    ///   - isSame: Whether it showed the same as the conversation that is being shrunk.
    ///   - cost: How many plays it counts for; slow ones count for more.
    package mutating func note(isSame: Bool, cost: Int = 1) {
        left -= cost
        guard isSame, candidates.indices.contains(next) else {
            next += 1
            return
        }
        smallest = candidates[next]
        candidates = Self.smaller(than: smallest)
        next = 0
    }

    // MARK: - Smaller ones

    /// Conversations with less than this one, the smallest step last.
    static func smaller(than conversation: FuzzConversation) -> [FuzzConversation] {
        if let handshake = conversation.handshake { return smaller(than: handshake) }
        var result = withFewerFrames(conversation)
        if conversation.isCompressed, conversation.frames.allSatisfy({ $0.rsv & 4 == 0 }) {
            result.append(FuzzConversation(frames: conversation.frames))
        }
        for index in conversation.frames.indices {
            result += smaller(than: conversation.frames[index]).map { frame in
                var smaller = conversation
                smaller.frames[index] = frame
                return smaller
            }
        }
        return result.filter { $0.size < conversation.size }
    }

    private static func smaller(than handshake: FuzzHandshake) -> [FuzzConversation] {
        handshake.rewritings.indices.map { index in
            var smaller = handshake
            smaller.rewritings.remove(at: index)
            return FuzzConversation(frames: [], handshake: smaller)
        }
    }

    private static func withFewerFrames(_ conversation: FuzzConversation) -> [FuzzConversation] {
        let count = conversation.frames.count
        guard count > 1 else { return [] }
        var result: [FuzzConversation] = []
        func keep(_ frames: some Sequence<FrameToSend>) {
            result.append(FuzzConversation(frames: Array(frames), isCompressed: conversation.isCompressed))
        }
        if count > 2 {
            keep(conversation.frames.suffix(count - count / 2))
            keep(conversation.frames.prefix(count / 2))
        }
        for index in 0..<count {
            var frames = conversation.frames
            frames.remove(at: index)
            keep(frames)
        }
        // Two fragments as one.
        for index in 0..<(count - 1) where conversation.frames[index + 1].opcode == .continuation {
            var frames = conversation.frames
            let next = frames.remove(at: index + 1)
            guard !frames[index].fin, !frames[index].opcode.isControl else { continue }
            frames[index].fin = next.fin
            frames[index].payload = .octets(frames[index].payload.octets + next.payload.octets)
            keep(frames)
        }
        return result
    }

    private static func smaller(than frame: FrameToSend) -> [FrameToSend] {
        var result: [FrameToSend] = []
        func with(_ change: (inout FrameToSend) -> Void) {
            var smaller = frame
            change(&smaller)
            if smaller != frame { result.append(smaller) }
        }
        let octets = frame.payload.octets
        for payload in shorter(octets) {
            with { frame in
                frame.payload = .octets(payload)
                // A length that was right stays right.
                if frame.isExact { frame.claimedLength = nil }
            }
        }
        with { $0.claimedLength = nil }
        with { $0.lengthEncoding = .minimal }
        for bit: UInt8 in [1, 2, 4] where frame.rsv & bit != 0 { with { $0.rsv &= ~bit } }
        with { $0.fin = true }
        with { $0.masking = .ofRole }
        with { $0.pacing = .together }
        return result
    }

    private static func shorter(_ octets: [UInt8]) -> [[UInt8]] {
        guard !octets.isEmpty else { return [] }
        let half = octets.count / 2
        var result: [[UInt8]] = [[], Array(octets[half...]), Array(octets[..<half])]
        if octets.count > 126 { result.append(Array(octets.prefix(126))) }
        if octets.count > 1 {
            result.append(Array(octets.dropLast()))
            result.append(Array(octets.dropFirst()))
        }
        if octets.count <= 12 {
            for index in octets.indices {
                var fewer = octets
                fewer.remove(at: index)
                result.append(fewer)
            }
        }
        return result
    }
}
