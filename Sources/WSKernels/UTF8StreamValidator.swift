/// Validates UTF-8 (RFC 3629) in a stream that comes in pieces, and finds its first impossible byte.
///
/// A byte is impossible if no valid UTF-8 stream has it after the bytes before. So the result does not depend on how
/// the stream was cut, and is known as soon as the byte itself comes.
package struct UTF8StreamValidator: Sendable, Equatable {
    /// How many bytes are possible; counting stops at the first impossible byte.
    package private(set) var validatedCount = 0

    /// The offset of the first impossible byte from the start of the stream; nil if there is none.
    package private(set) var firstImpossibleByte: Int?

    /// The offset of the unfinished sequence's lead byte; equal to `validatedCount` between sequences.
    package private(set) var sequenceStart = 0

    private var state = UTF8Automaton.accept

    /// Creates a validator at the start of a stream.
    package init() {}

    /// Whether the stream seen so far is valid UTF-8 and does not end inside a sequence.
    package var isComplete: Bool { firstImpossibleByte == nil && state == UTF8Automaton.accept }

    /// Skips this many bytes that are known to be ASCII, between two sequences.
    package mutating func takeASCII(_ count: Int) {
        precondition(isComplete, "ASCII cannot stand inside a sequence")
        validatedCount += count
        sequenceStart = validatedCount
    }

    /// Validates the next bytes and returns the offset of the first impossible byte so far; nil if there is none.
    ///
    /// The offset counts from the start of the stream. After a failure, further bytes change nothing.
    @discardableResult
    package mutating func validate(_ bytes: Span<UInt8>) -> Int? {
        if firstImpossibleByte != nil { return firstImpossibleByte }
        let run = UTF8Automaton.run(bytes, from: state)
        let consumed = validatedCount
        validatedCount = consumed + run.possibleCount
        guard run.possibleCount == bytes.count else {
            firstImpossibleByte = validatedCount
            return firstImpossibleByte
        }
        state = run.state
        if state == UTF8Automaton.accept {
            sequenceStart = validatedCount
        } else if let lead = UTF8Automaton.lastLeadByte(of: bytes) {
            sequenceStart = consumed + lead
        }
        return nil
    }

    /// Ends the stream and returns the offset of an impossible byte or of an unfinished sequence; nil if it is valid.
    ///
    /// The offset of an unfinished sequence is that of its lead byte. The validator remains in the failed state.
    package mutating func finish() -> Int? {
        if firstImpossibleByte == nil, state != UTF8Automaton.accept { firstImpossibleByte = sequenceStart }
        return firstImpossibleByte
    }
}

/// The table of RFC 3629 section 4 as an automaton with one shift per step.
///
/// Each state is a bit position. The row of a byte has, at the position of each state, the position of the next state,
/// so that the low six bits of `row >> state` are the next state.
private enum UTF8Automaton {
    /// Between sequences; also the start.
    static let accept: UInt8 = 0
    private static let oneMore: UInt8 = 6
    private static let twoMore: UInt8 = 12
    private static let threeMore: UInt8 = 18
    private static let afterE0: UInt8 = 24
    private static let afterED: UInt8 = 30
    private static let afterF0: UInt8 = 36
    private static let afterF4: UInt8 = 42
    private static let reject: UInt8 = 48

    private static let rows: [UInt64] = (0...255).map { byte in
        let states = [accept, oneMore, twoMore, threeMore, afterE0, afterED, afterF0, afterF4, reject]
        return states.reduce(0) { row, state in row | UInt64(following(state, UInt8(byte))) << UInt64(state) }
    }

    /// The syntax of RFC 3629 section 4, for one state and one byte.
    private static func following(_ state: UInt8, _ byte: UInt8) -> UInt8 {
        switch (state, byte) {
        case (accept, 0x00...0x7F): accept
        case (accept, 0xC2...0xDF): oneMore
        case (accept, 0xE0): afterE0
        case (accept, 0xED): afterED
        case (accept, 0xE1...0xEF): twoMore
        case (accept, 0xF0): afterF0
        case (accept, 0xF1...0xF3): threeMore
        case (accept, 0xF4): afterF4
        case (oneMore, 0x80...0xBF): accept
        case (twoMore, 0x80...0xBF), (afterE0, 0xA0...0xBF), (afterED, 0x80...0x9F): oneMore
        case (threeMore, 0x80...0xBF), (afterF0, 0x90...0xBF), (afterF4, 0x80...0x8F): twoMore
        default: reject
        }
    }

    /// The state after the bytes, and how many of them are possible; if not all, an impossible byte follows.
    static func run(_ bytes: Span<UInt8>, from start: UInt8) -> (state: UInt8, possibleCount: Int) {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe rows.withUnsafeBufferPointer { rows in
                var state = UInt64(start)
                var index = 0
                while index < bytes.count {
                    if state == 0 {
                        index = unsafe endOfASCII(in: bytes, from: index)
                    }
                    let blockStart = index
                    let blockState = state
                    let blockEnd = min(index &+ 64, bytes.count)
                    while index < blockEnd {
                        state = unsafe rows[Int(bytes[index])] >> (state & 63)
                        index &+= 1
                    }
                    state &= 63
                    guard state == UInt64(reject) else { continue }
                    // The automaton remains in `reject`, so only the block that led to it is read a second time.
                    state = blockState
                    index = blockStart
                    while true {
                        state = unsafe rows[Int(bytes[index])] >> (state & 63) & 63
                        if state == UInt64(reject) { return (reject, index) }
                        index &+= 1
                    }
                }
                return (UInt8(truncatingIfNeeded: state), bytes.count)
            }
        }
    }

    /// The index after the longest run of whole words with bytes below 0x80.
    private static func endOfASCII(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        let highBits: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while bytes.count &- index >= 32 {
            let words = unsafe bytes.loadUnaligned(fromByteOffset: index, as: SIMD4<UInt64>.self)
            if (words[0] | words[1] | words[2] | words[3]) & highBits != 0 { break }
            index &+= 32
        }
        while bytes.count &- index >= 8 {
            let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word & highBits != 0 { break }
            index &+= 8
        }
        return index
    }

    /// The index of the last byte that begins a multi-byte sequence, among the last three.
    static func lastLeadByte(of bytes: Span<UInt8>) -> Int? {
        var index = bytes.count
        let first = max(0, index - 3)
        while index > first {
            index -= 1
            if bytes[index] >= 0xC0 { return index }
        }
        return nil
    }
}
