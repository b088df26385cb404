import WSDeflate
import WSProtocol

/// Lends the payload of compressed messages as it came, to endpoints that inflate it with a defect.
struct PayloadDecoder: MessageDecoder {
    mutating func begin(_ header: FrameHeader) -> Bool { header.rsv & 4 != 0 }

    mutating func decode(
        _ payload: Span<UInt8>,
        limit: Int,
        into content: inout [UInt8]
    ) throws(MessageDecodingError) -> Int {
        let count = min(payload.count, limit)
        for index in 0..<count { content.append(payload[index]) }
        return count
    }

    mutating func finish(limit: Int, into content: inout [UInt8]) throws(MessageDecodingError) -> Bool { true }
}

/// Inflates whole messages as a receiver with defects does.
struct DefectiveInflater: Sendable {
    /// A message as it came.
    struct Message {
        var payload: [UInt8]
        /// The length of the payload at the end of each of its frames.
        var frameEnds: [Int]
        /// Whether RSV1 was set on its first frame.
        var isCompressed: Bool
        /// Whether a control frame was inside it.
        var hasControlInside: Bool
    }

    /// What becomes of a message.
    enum Outcome {
        case content([UInt8])
        /// The connection is failed with this code.
        case failure(UInt16)
        /// The receiver never does anything again.
        case hang
    }

    private let defects: Set<ModelDefect>
    private let limit: Int
    /// Whether messages are inflated alone because the other direction is compressed so.
    private let isSwapped: Bool
    private var inflater: Inflater
    /// Whether a final block came in an earlier message.
    private var hasEnded = false
    private var hasInflated = false

    /// Creates an inflater before the first message, for content of at most this many octets.
    init(_ defects: Set<ModelDefect>, limit: Int, _ agreed: DeflateParameters, role: Role) {
        self.defects = defects
        self.limit = limit
        isSwapped = defects.contains(.swapsContexts) && !agreed.keepsContext(of: role)
        inflater = Inflater(contentLimit: limit)
    }

    /// Whether a receiver with the defects needs one.
    static func isNeeded(_ defects: Set<ModelDefect>) -> Bool { !defects.isDisjoint(with: needing) }

    private static let needing: Set<ModelDefect> = [
        .emptyBehindFinalBlock, .cutsBehindFinalBlock, .rejectsFinalBlocks, .rejectsLongFinalBlocks,
        .hangsAtBareFinalBlock, .readsFirstBlockAlone, .rejectsStoredBlocks, .forgetsContext, .swapsContexts,
        .losesContextBehindPlain, .losesContextOfLongMessages, .addsPlainToContext, .rejectsLargestDistances,
        .inflatesWithSmallWindow,
        .inflatesEachFrame, .looksAtLastFrame, .inflatesPlainMessages, .inflatesEveryMessage,
        .forgetsCompressionAtControl,
        .checksUTF8OfPayload, .swallowsInvalidInflatedText, .rejectsEmptyCompressed, .swallowsInvalidDeflate,
        .swallowsTruncatedDeflate, .cutsAboveLimit, .limitsPayloadAlone, .limitsEachFragment, .roundsLimitUp,
    ]

    /// What becomes of the next message.
    mutating func receive(_ message: Message) -> Outcome {
        let inflatesPlain =
            defects.contains(.inflatesEveryMessage) || hasInflated && defects.contains(.inflatesPlainMessages)
        guard message.isCompressed || inflatesPlain else {
            keep(message.payload)
            return .content(message.payload)
        }
        if defects.contains(.looksAtLastFrame), message.frameEnds.count > 1 { return .content(message.payload) }
        if defects.contains(.forgetsCompressionAtControl), message.hasControlInside {
            return .content(message.payload)
        }
        hasInflated = true
        if defects.contains(.forgetsContext) || isSwapped { restart() }
        guard defects.contains(.inflatesEachFrame) else { return inflate(message.payload, message.frameEnds) }
        var content: [UInt8] = []
        for (start, end) in zip([0] + message.frameEnds, message.frameEnds) where start < end {
            guard case .content(let part) = inflate(Array(message.payload[start..<end]), [end - start]) else {
                return .failure(CloseCode.invalidData)
            }
            content += part
        }
        return .content(content)
    }

    private mutating func restart() { inflater = Inflater(contentLimit: limit) }

    /// What becomes of the window with a message that is not compressed.
    private mutating func keep(_ content: [UInt8]) {
        if defects.contains(.losesContextBehindPlain) { restart() }
        guard defects.contains(.addsPlainToContext) else { return }
        var writer = DeflateWriter()
        writer.appendStored(content)
        writer.endMessage()
        var rest: [UInt8] = []
        inflater.inflate(writer.octets.span, into: &rest)
        _ = inflater.endMessage(into: &rest)
    }

    private mutating func inflate(_ payload: [UInt8], _ frameEnds: [Int]) -> Outcome {
        var content: [UInt8] = []
        for (start, end) in zip([0] + frameEnds, frameEnds) {
            let before = content.count
            inflater.inflate(payload.span.extracting(start..<end), into: &content)
            if defects.contains(.limitsEachFragment), content.count - before > 65_536 {
                return .failure(CloseCode.messageTooBig)
            }
        }
        let message = inflater.endMessage(into: &content)
        if let outcome = refusal(of: message) { return outcome }
        if let failure = message.failure {
            if failure.kind == .contentLimit { return .failure(CloseCode.messageTooBig) }
            let isSwallowed =
                defects.contains(.swallowsInvalidDeflate)
                || failure.kind == .truncated && defects.contains(.swallowsTruncatedDeflate)
            guard isSwallowed else { return .failure(CloseCode.invalidData) }
        }
        if defects.contains(.losesContextOfLongMessages), content.count > 65_536 { restart() }
        if defects.contains(.emptyBehindFinalBlock) {
            if hasEnded { return .content([]) }
            hasEnded = message.finalBlockCount > 0
        }
        cut(&content, message)
        return .content(content)
    }

    /// What becomes of a message that the defects refuse; nil for others.
    private func refusal(of message: DeflatedMessage) -> Outcome? {
        let hasFinal = message.finalBlockCount > 0
        if defects.contains(.hangsAtBareFinalBlock), hasFinal, message.ending == .border { return .hang }
        let isRefused =
            defects.contains(.rejectsFinalBlocks) && hasFinal
            || defects.contains(.rejectsLongFinalBlocks) && hasFinal && message.contentLength > 4096
            || defects.contains(.rejectsEmptyCompressed) && message.contentLength == 0
            || defects.contains(.rejectsLargestDistances) && message.largestDistance > 32_768 - 262
            || defects.contains(.inflatesWithSmallWindow) && message.largestDistance > 1_024
            || defects.contains(.rejectsStoredBlocks)
                && message.blocks.contains { $0.type == .stored && $0.contentLength > 0 }
        return isRefused ? .failure(CloseCode.invalidData) : nil
    }

    /// Cuts what a receiver with the defects loses.
    private func cut(_ content: inout [UInt8], _ message: DeflatedMessage) {
        func end(of blocks: some Sequence<DeflatedMessage.Block>) -> Int { blocks.reduce(0) { $0 + $1.contentLength } }
        if defects.contains(.readsFirstBlockAlone) {
            content = Array(content.prefix(end(of: message.blocks.prefix(1))))
        }
        if defects.contains(.cutsBehindFinalBlock), let final = message.blocks.firstIndex(where: \.isFinal) {
            content = Array(content.prefix(end(of: message.blocks[...final])))
        }
        // What is cut is far less than the buffer into which real ones inflate.
        if defects.contains(.cutsAboveLimit), (65_537...66_560).contains(content.count) {
            content = Array(content.prefix(65_536))
        }
    }
}
