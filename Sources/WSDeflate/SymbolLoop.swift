/// The loop over the symbols of a block, for whatever is usual: far from the end of input and output, and right.
///
/// It stops before any other symbol without consuming it.
struct SymbolLoop {
    /// Bits that were taken from the input, the next one first.
    ///
    /// Those from `bitCount` on are zero outside the loop.
    var bits: UInt64
    /// How many of these bits count, at most 63.
    var bitCount: Int
    /// The index of the next octet of the input.
    var input: Int
    /// The index in the history at which the next octet of content goes.
    var position: Int
    /// The largest distance so far.
    var largestDistance: Int
    /// How many octets before the beginning of the message the stream has referred to so far.
    var reach: Int

    /// What stays as it is while the loop runs.
    struct Bounds {
        /// The index in the history of the first octet that may be referred to.
        var floor: Int
        /// The index in the history of the message's first octet; negative once it has moved out.
        var messageStart: Int
        /// The largest distance that is usual.
        var largestDistance: Int
        /// No content may be written from this index on.
        var end: Int
    }

    /// Octets behind the largest index of content that the loop may overwrite.
    static let slack = 32
    /// How many octets of input it needs to go on.
    private static let inputNeed = 16
    /// How much room it needs to go on: literals, a match, and what is copied beyond it.
    private static let room = 3 + DeflateFormat.longestMatch

    /// Runs until something is not usual; returns whether it consumed the end of the block.
    mutating func run(
        _ source: Span<UInt8>,
        _ history: inout [UInt8],
        _ literals: DecodingTable,
        _ distances: DecodingTable,
        _ bounds: Bounds
    ) -> Bool {
        guard source.count - input >= Self.inputNeed, bounds.end - position >= Self.room else { return false }
        precondition(bounds.end + Self.slack <= history.count && bounds.floor >= 0 && bounds.floor <= position)
        let literalMask = UInt64(1) << UInt64(literals.primaryBits) - 1
        let distanceMask = UInt64(1) << UInt64(distances.primaryBits) - 1
        // The pointers live as long as these calls, and the loop keeps within the bounds that were checked above.
        return unsafe source.withUnsafeBytes { source in
            unsafe history.withUnsafeMutableBytes { history in
                unsafe literals.entries.withUnsafeBufferPointer { literals in
                    unsafe distances.entries.withUnsafeBufferPointer { distances in
                        guard let source0 = source.baseAddress, let history0 = history.baseAddress,
                            let literals0 = literals.baseAddress, let distances0 = distances.baseAddress
                        else { return false }
                        return unsafe run(
                            source0,
                            source.count - Self.inputNeed,
                            history0,
                            Table(entries: literals0, mask: literalMask),
                            Table(entries: distances0, mask: distanceMask),
                            bounds
                        )
                    }
                }
            }
        }
    }

    @unsafe private struct Table {
        let entries: UnsafePointer<UInt32>
        let mask: UInt64

        @inline(__always) func entry(_ bits: UInt64) -> UInt32 {
            unsafe entries[Int(truncatingIfNeeded: bits & mask)]
        }

        /// The entry of the second table that a link leads to; the bits are those behind the link's.
        @inline(__always) func entry(behind link: UInt32, _ bits: UInt64) -> UInt32 {
            let count = UInt64(link >> 8 & 0xF)
            let index = UInt64(link >> 16) &+ (bits & ((1 &<< count) &- 1))
            return unsafe entries[Int(truncatingIfNeeded: index)]
        }
    }

    private mutating func run(
        _ source: UnsafeRawPointer,
        _ lastInput: Int,
        _ history: UnsafeMutableRawPointer,
        _ literals: Table,
        _ distances: Table,
        _ bounds: Bounds
    ) -> Bool {
        var bits = self.bits
        var bitCount = UInt64(self.bitCount)
        var input = self.input
        var position = self.position
        var largestDistance = self.largestDistance
        var reach = self.reach
        let lastPosition = bounds.end &- Self.room
        var isEndOfBlock = false

        while input <= lastInput && position <= lastPosition {
            unsafe Self.refill(&bits, &bitCount, source, &input)

            // Three literals of the first table take 30 bits at most.
            var entry = unsafe literals.entry(bits)
            if entry & DecodingTable.Entry.literal != 0 {
                unsafe Self.put(entry, history + position)
                position &+= 1
                bits &>>= UInt64(entry & 0xFF)
                bitCount &-= UInt64(entry & 0xFF)
                entry = unsafe literals.entry(bits)
                if entry & DecodingTable.Entry.literal != 0 {
                    unsafe Self.put(entry, history + position)
                    position &+= 1
                    bits &>>= UInt64(entry & 0xFF)
                    bitCount &-= UInt64(entry & 0xFF)
                    entry = unsafe literals.entry(bits)
                    if entry & DecodingTable.Entry.literal != 0 {
                        unsafe Self.put(entry, history + position)
                        position &+= 1
                        bits &>>= UInt64(entry & 0xFF)
                        bitCount &-= UInt64(entry & 0xFF)
                        continue
                    }
                }
                // A match takes 48 bits at most.
                unsafe Self.refill(&bits, &bitCount, source, &input)
            }

            // What follows is consumed as a whole or not at all.
            var rest = bits
            var restCount = bitCount
            if entry & DecodingTable.Entry.exceptional != 0 {
                if entry & DecodingTable.Entry.link != 0 {
                    let linkBits = UInt64(entry & 0xFF)
                    rest &>>= linkBits
                    restCount &-= linkBits
                    entry = unsafe literals.entry(behind: entry, rest)
                }
                if entry & DecodingTable.Entry.literal != 0 {
                    unsafe Self.put(entry, history + position)
                    position &+= 1
                    bits = rest &>> UInt64(entry & 0xFF)
                    bitCount = restCount &- UInt64(entry & 0xFF)
                    continue
                }
                if entry & DecodingTable.Entry.exceptional != 0 {
                    guard entry & DecodingTable.Entry.endOfBlock != 0 else { break }
                    bits = rest &>> UInt64(entry & 0xFF)
                    bitCount = restCount &- UInt64(entry & 0xFF)
                    isEndOfBlock = true
                    break
                }
            }
            let length = Self.value(of: entry, rest)
            rest &>>= UInt64(entry & 0xFF)
            restCount &-= UInt64(entry & 0xFF)

            entry = unsafe distances.entry(rest)
            if entry & DecodingTable.Entry.exceptional != 0 {
                guard entry & DecodingTable.Entry.link != 0 else { break }
                let linkBits = UInt64(entry & 0xFF)
                rest &>>= linkBits
                restCount &-= linkBits
                entry = unsafe distances.entry(behind: entry, rest)
                if entry & DecodingTable.Entry.exceptional != 0 { break }
            }
            let distance = Self.value(of: entry, rest)
            guard distance <= bounds.largestDistance, distance <= position &- bounds.floor else { break }
            bits = rest &>> UInt64(entry & 0xFF)
            bitCount = restCount &- UInt64(entry & 0xFF)
            largestDistance = max(largestDistance, distance)
            reach = max(reach, distance &- (position &- bounds.messageStart))
            unsafe Self.copy(history + position, distance, length)
            position &+= length
        }

        // Whole octets that were loaded too early go back, unless they came with an earlier piece of the input.
        let early = min(Int(truncatingIfNeeded: bitCount &>> 3), input &- self.input)
        input &-= early
        bitCount &-= UInt64(early) &* 8
        self.bits = bits & ((1 &<< bitCount) &- 1)
        self.bitCount = Int(bitCount)
        self.input = input
        self.position = position
        self.largestDistance = largestDistance
        self.reach = reach
        return isEndOfBlock
    }

    /// Loads octets until there are 56 bits at least.
    ///
    /// Bits beyond `bitCount` are loaded, too; they are the right ones, so that loading them again changes nothing.
    @inline(__always)
    private static func refill(
        _ bits: inout UInt64,
        _ bitCount: inout UInt64,
        _ source: UnsafeRawPointer,
        _ input: inout Int
    ) {
        let word = unsafe source.loadUnaligned(fromByteOffset: input, as: UInt64.self)
        bits |= UInt64(littleEndian: word) &<< bitCount
        input &+= Int(truncatingIfNeeded: (63 &- bitCount) &>> 3)
        bitCount |= 56
    }

    /// Writes the literal of an entry.
    @inline(__always)
    private static func put(_ entry: UInt32, _ target: UnsafeMutableRawPointer) {
        unsafe target.storeBytes(of: UInt8(truncatingIfNeeded: entry &>> 16), as: UInt8.self)
    }

    /// The length or distance of an entry: its base and the extra bits behind its code.
    @inline(__always)
    private static func value(of entry: UInt32, _ bits: UInt64) -> Int {
        let all = (1 &<< UInt64(entry & 0xFF)) &- 1 as UInt64
        let extra = (bits & all) &>> UInt64(entry &>> 8 & 0xF)
        return Int(truncatingIfNeeded: entry &>> 16) &+ Int(truncatingIfNeeded: extra)
    }

    /// Copies a match, and up to 15 octets more than it has.
    @inline(__always)
    private static func copy(_ target: UnsafeMutableRawPointer, _ distance: Int, _ length: Int) {
        let source = unsafe UnsafeRawPointer(target - distance)
        if distance >= 8 {
            var index = 0
            repeat {
                let first = unsafe source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                unsafe target.storeBytes(of: first, toByteOffset: index, as: UInt64.self)
                let second = unsafe source.loadUnaligned(fromByteOffset: index &+ 8, as: UInt64.self)
                unsafe target.storeBytes(of: second, toByteOffset: index &+ 8, as: UInt64.self)
                index &+= 16
            } while index < length
        } else if distance == 1 {
            let octet = unsafe source.load(as: UInt8.self)
            let word = UInt64(octet) &* 0x0101_0101_0101_0101
            var index = 0
            repeat {
                unsafe target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
                index &+= 8
            } while index < length
        } else {
            for index in 0..<length {
                let octet = unsafe source.load(fromByteOffset: index, as: UInt8.self)
                unsafe target.storeBytes(of: octet, toByteOffset: index, as: UInt8.self)
            }
        }
    }
}
