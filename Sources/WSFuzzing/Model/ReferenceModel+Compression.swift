import WSDeflate
import WSProtocol

/// Compressed messages (RFC 7692 section 7.2.2), inflated as a whole.
///
/// The inflater is ours; against another one it is compared by ``DeflateBody``.
extension ReferenceModel {
    /// How much content of a message is inflated; no input of a fuzzer has more.
    static let mostContent = 1 << 23

    /// Takes a message that has ended.
    mutating func takeCompressed(_ message: OpenMessage, end: Int) {
        var content: [UInt8] = []
        inflater.inflate(message.payload.span, into: &content)
        let observed = inflater.endMessage(into: &content)
        if !settings.isLenient, isLeftOpen(observed) {
            outcome.leftOpenAt = message.start
            return
        }
        let (rules, codes) = flaws(of: content, observed.failure, message.opcode, isWhole: true)
        guard codes.isEmpty else {
            // What cannot be inflated cannot be taken literally.
            if rules.isSubset(of: settings.overlooked), !rules.isEmpty {
                outcome.leftOpenAt = message.start
            } else {
                outcome.failure = failure(rules, codes, message, end: end)
            }
            return
        }
        outcome.events.append(.message(message.opcode, payload: content))
    }

    /// Notes that the receiver may fail already where what has come of a message is wrong, or too long.
    mutating func noteRefusal(_ message: OpenMessage, end: Int) {
        var content: [UInt8] = []
        var inflater = inflater
        inflater.inflate(message.payload.span, into: &content)
        var (rules, codes) = flaws(of: content, inflater.message.failure, message.opcode, isWhole: false)
        // A receiver may have a limit of its own for what comes over the wire.
        if message.payload.count > settings.maximumMessage { codes.insert(CloseCode.messageTooBig) }
        if !settings.isLenient, isLeftOpen(inflater.message) {
            rules.insert(.invalidDeflate)
            codes.formUnion([CloseCode.invalidData, CloseCode.protocolError])
        }
        guard !codes.isEmpty else { return }
        let refusal = Refusal(
            failure: failure(rules, codes, message, end: end),
            eventCount: outcome.events.count
        )
        outcome.refusals.append(refusal)
    }

    /// Whether only the sender is wrong, so that the receiver does as it likes.
    private func isLeftOpen(_ message: DeflatedMessage) -> Bool {
        let isCut = message.failure?.kind == .truncated || message.ending == .border || message.paddingFault != nil
        let breaksContext = settings.compression?.keepsContext == false && message.reach > 0
        return isCut || breaksContext || message.overrun != nil
    }

    /// The rules that content breaks, and the status codes that fit.
    private func flaws(
        of content: [UInt8],
        _ failure: InflateFailure?,
        _ opcode: Opcode,
        isWhole: Bool
    ) -> (rules: Set<ViolationRule>, codes: Set<UInt16>) {
        var rules: Set<ViolationRule> = []
        var codes: Set<UInt16> = []
        if failure != nil {
            rules.insert(.invalidDeflate)
            codes.formUnion([CloseCode.protocolError, CloseCode.invalidData])
        }
        if UInt64(content.count) > settings.maximumMessage { codes.insert(CloseCode.messageTooBig) }
        if opcode == .text, settings.textCheck != .never {
            let text = ReferenceKernels.utf8(content)
            if text.impossible != nil { rules.insert(.invalidUTF8) }
            if isWhole, failure == nil, text.unfinished != nil { rules.insert(.truncatedUTF8) }
            let counted = rules.subtracting(settings.overlooked).subtracting([.invalidDeflate])
            rules = counted.union(failure == nil ? [] : [.invalidDeflate])
            if !counted.isEmpty { codes.insert(CloseCode.invalidData) }
        }
        return (rules, codes)
    }

    private func failure(
        _ rules: Set<ViolationRule>,
        _ codes: Set<UInt16>,
        _ message: OpenMessage,
        end: Int
    ) -> Failure {
        Failure(
            rules: rules,
            codes: codes,
            offset: message.start,
            knownAfter: end,
            frameEnd: end,
            isCompressed: true
        )
    }
}
