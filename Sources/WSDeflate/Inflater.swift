/// Inflates the messages of one direction of a connection (RFC 1951, RFC 7692), and tells what they are made of.
///
/// The payload of a message comes in pieces of any size, then its end. Content and observation do not depend on how the
/// payload was cut. A failure ends the message: further octets of it are only counted. The next message begins anew,
/// with the window as it was left.
///
/// A block with BFINAL set may stand anywhere; what follows begins with the next octet, with the same window.
public struct Inflater: Sendable {
    /// What becomes of a distance beyond the agreed window.
    public enum Overruns: Sendable, Hashable {
        /// It is told and goes on: the window that is kept is always the largest one.
        case observed
        /// It is a failure.
        case refused
    }

    /// How many octets of content a message may have; one more is a failure.
    public var contentLimit: Int

    /// The message so far.
    public var message: DeflatedMessage { observed }

    var observed = DeflatedMessage()
    var state = State.header
    var isFinalBlock = false
    /// Bits that were taken from the input and not consumed yet; the next one is bit 0, those from `bitCount` on are 0.
    var bits: UInt64 = 0
    var bitCount = 0
    /// How many octets of the message, or of the tail behind it, were taken into `bits`.
    var taken = 0

    /// The window, then content that was not put out yet.
    var history: [UInt8]
    /// The index of the first octet that may be referred to.
    var floor = 0
    /// The index of the first octet that was not put out yet.
    var pending = 0
    /// The index at which the next octet goes.
    var position = 0
    /// The index of the message's first octet; negative once it has moved out.
    var messageStart = 0

    var literals = DecodingTable()
    var distances = DecodingTable()
    var header = DynamicHeader()

    private let keepsContext: Bool
    let window: Int
    let overruns: Overruns
    /// How much room for content there is behind the window.
    private static let room = 32_768

    /// What comes next.
    enum State {
        case header
        case storedLength
        case stored(Int)
        case codeCounts
        case codeLengthLengths
        case codeLengths
        case symbols
    }

    /// Creates an inflater before the first message.
    ///
    /// - Parameters:
    ///   - windowBits: the agreed window's size as a power of two, from 8 to 15.
    ///   - keepsContext: whether a message may refer to those before it.
    ///   - overruns: what becomes of a distance beyond the agreed window.
    ///   - contentLimit: how many octets of content a message may have.
    public init(
        windowBits: Int = 15,
        keepsContext: Bool = true,
        overruns: Overruns = .observed,
        contentLimit: Int = .max
    ) {
        precondition((8...15).contains(windowBits), "RFC 7692 has windows from 8 to 15 bits")
        precondition(contentLimit >= 0)
        window = 1 << windowBits
        self.keepsContext = keepsContext
        self.overruns = overruns
        self.contentLimit = contentLimit
        history = Array(repeating: 0, count: DeflateFormat.largestDistance + Self.room + SymbolLoop.slack)
    }

    /// Inflates the next octets of a message's payload and appends their content.
    ///
    /// - Returns: what is wrong with the message so far; nil if nothing is.
    @discardableResult
    public mutating func inflate(_ payload: Span<UInt8>, into content: inout [UInt8]) -> InflateFailure? {
        observed.payloadLength += payload.count
        decode(payload, into: &content)
        return observed.failure
    }

    /// Inflates payload until there are so many octets of content, and appends them.
    ///
    /// It may append up to 32 KiB more than the limit. What was held back comes with the next call, even one without
    /// payload.
    ///
    /// - Parameters:
    ///   - payload: the next octets of the message's payload.
    ///   - limit: after how many octets of content it stops.
    ///   - content: the content is appended to it.
    /// - Returns: how many octets of the payload were used; all of them where the message has failed.
    public mutating func inflate(_ payload: Span<UInt8>, limit: Int, into content: inout [UInt8]) -> Int {
        let used = decode(payload, limit: limit, into: &content)
        let counted = observed.failure == nil ? used : payload.count
        observed.payloadLength += counted
        return counted
    }

    /// Ends the message with the tail of RFC 7692 section 7.2.2, appends what comes out of it, and says what it was.
    public mutating func endMessage(into content: inout [UInt8]) -> DeflatedMessage {
        if observed.failure == nil { end(into: &content) }
        defer { startMessage() }
        return observed
    }

    /// Lets the next message refer to content as if it had been inflated from a message before it.
    ///
    /// - Precondition: no message is open.
    public mutating func adopt(_ content: Span<UInt8>) {
        precondition(observed == DeflatedMessage(), "a message is open")
        var rest = content.extracting(last: DeflateFormat.largestDistance)
        var ignored: [UInt8] = []
        while !rest.isEmpty {
            makeRoom(&ignored)
            let piece = rest.extracting(first: min(rest.count, roomLeft))
            rest = rest.extracting(droppingFirst: piece.count)
            unsafe history.withUnsafeMutableBytes { history in
                unsafe piece.withUnsafeBytes { piece in
                    unsafe UnsafeMutableRawBufferPointer(rebasing: history[position...]).copyMemory(from: piece)
                }
            }
            position += piece.count
            pending = position
        }
        messageStart = position
        if !keepsContext { floor = position }
    }

    private mutating func end(into content: inout [UInt8]) {
        let before = observed.contentLength
        observed.bitsLeft = bitCount
        switch state {
        case .header:
            // The tail has no header of its own: as a block of its own it would be malformed.
            observed.ending = .border
            return
        case .storedLength where bitCount == 0: observed.ending = .emptyBlock
        default: observed.ending = .insideBlock
        }
        let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]
        let sent = observed
        decode(tail.span, into: &content)
        guard observed.ending == .insideBlock else { return }
        // Distances and padding that only the bits of the tail make are not the sender's.
        (observed.largestDistance, observed.reach) = (sent.largestDistance, sent.reach)
        (observed.overrun, observed.paddingFault) = (sent.overrun, sent.paddingFault)
        observed.tailContentLength = observed.contentLength - before
        if observed.failure?.kind != .contentLimit {
            observed.failure = InflateFailure(.truncated, bit: 8 * observed.payloadLength)
        }
    }

    private mutating func startMessage() {
        observed = DeflatedMessage()
        state = .header
        bits = 0
        bitCount = 0
        taken = 0
        messageStart = position
        if !keepsContext { floor = position }
    }

    /// Decodes input up to its end, a failure or the limit of content, and returns how many octets of it were used.
    @discardableResult
    private mutating func decode(_ input: Span<UInt8>, limit: Int = .max, into content: inout [UInt8]) -> Int {
        var offset = 0
        let before = content.count
        while observed.failure == nil {
            makeRoom(&content)
            guard content.count - before + (position - pending) < limit, step(input, &offset) else { break }
        }
        putOut(&content)
        return offset
    }

    /// The index from which on no content may be written: that of the buffer's end or of the limit.
    var end: Int { position + min(roomLeft, contentLimit - observed.contentLength) }

    /// How much content the history takes.
    var roomLeft: Int { history.count - SymbolLoop.slack - position }

    /// Makes room for a match at least.
    private mutating func makeRoom(_ content: inout [UInt8]) {
        guard roomLeft < 2 * DeflateFormat.longestMatch else { return }
        putOut(&content)
        let shift = position - DeflateFormat.largestDistance
        unsafe history.withUnsafeMutableBytes { history in
            let kept = unsafe UnsafeRawBufferPointer(rebasing: history[shift..<(shift + DeflateFormat.largestDistance)])
            unsafe history.copyMemory(from: kept)
        }
        position -= shift
        pending -= shift
        messageStart -= shift
        floor = max(0, floor - shift)
    }

    private mutating func putOut(_ content: inout [UInt8]) {
        guard pending < position else { return }
        content.append(contentsOf: history[pending..<position])
        pending = position
    }

    // MARK: Bits

    /// How many bits of the message were consumed.
    var bit: Int { 8 * taken - bitCount }

    /// Takes octets until there are this many bits, at most 56; returns whether there are.
    mutating func fill(_ count: Int, _ input: Span<UInt8>, _ offset: inout Int) -> Bool {
        while bitCount < count {
            guard offset < input.count else { return false }
            bits |= UInt64(input[offset]) << UInt64(bitCount)
            offset += 1
            taken += 1
            bitCount += 8
        }
        return true
    }

    /// The next bits, without consuming them.
    func peek(_ count: Int, from first: Int = 0) -> Int {
        Int(truncatingIfNeeded: bits >> UInt64(first) & (1 << UInt64(count) - 1))
    }

    mutating func consume(_ count: Int) {
        bits >>= UInt64(count)
        bitCount -= count
    }

    mutating func fail(_ kind: InflateFailure.Kind, bit: Int) -> Bool {
        observed.failure = InflateFailure(kind, bit: bit)
        return false
    }
}
