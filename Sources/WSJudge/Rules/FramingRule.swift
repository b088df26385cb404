import WSProtocol
import WSScenario

extension Judge {
    /// Everything that the peer sends has to be well-formed, in every conversation (RFC 6455, sections 5 to 8).
    ///
    /// 1. Each kind of violation is reported once, at its first occurrence.
    /// 2. A violation of a sentence without an RFC 2119 keyword is tolerated, with the exceptions listed below.
    /// 3. An HTTP response in place of a frame is reported as such, not as the frames that its letters look like.
    static let framingRule = Rule(
        name: "framing",
        requirements: framingRequirements(of: .server),
        clientRequirements: framingRequirements(of: .client),
        part: .frames
    ) { subject in
        var seen: Set<ViolationRule> = []
        var hasToldResponse = false
        let response = subject.timeline.responseAmongFrames
        return subject.timeline.entries.compactMap { entry in
            guard case .violation(let violation) = entry.kind else { return nil }
            if let offset = response, violation.offset >= offset {
                guard !hasToldResponse else { return nil }
                hasToldResponse = true
                return Finding(
                    rule: "framing",
                    axis: .behaviour,
                    verdict: .fail,
                    requirement: ViolationRule.reservedBits.requirement,
                    reason: "sent an HTTP response where a frame was due: only frames follow the 101 (RFC 6455, 5.1)",
                    evidence: [entry.evidence].compactMap(\.self),
                    key: .sent,
                    kind: "http-response"
                )
            }
            guard seen.insert(violation.rule).inserted, !subject.isToldAsMistake(violation) else { return nil }
            let requirement = subject.timeline.requirement(of: violation)
            let isEcho = violation.rule.axis == .closing && subject.timeline.peerClose?.code == subject.ourCloseCode
            // 1010 is for clients. A server that echoes our 1010 does what 5.5.1 calls typical.
            if isEcho, violation.rule == .closeCodeForClientsOnly { return nil }
            return Finding(
                rule: "framing",
                axis: violation.rule.axis,
                // No rule says how to react to such a code; echoing it is one possibility.
                verdict: isEcho && violation.rule == .closeCodeOutOfRange ? .informational : violation.rule.verdict,
                requirement: requirement,
                reason: "sent what it must not: \(violation.rule.summary) (\(violation.detail))",
                evidence: [entry.evidence].compactMap(\.self),
                key: .sent,
                kind: violation.rule.rawValue
            )
        }
    }
}

extension Judge {
    private static func framingRequirements(of role: Role) -> Set<String> {
        let others: [ViolationRule] =
            role == .server ? [.unmaskedClientFrame] : [.maskedServerFrame, .closeCodeForClientsOnly]
        return Set(ViolationRule.allCases.filter { !others.contains($0) }.map(\.requirement))
            .union(["RFC7692-6.1-03", "RFC7692-6.1-04"])
    }
}

extension Case {
    /// Whether the violation is no more than what follows from a mistake in compressing, which is reported instead.
    fileprivate func isToldAsMistake(_ violation: Violation) -> Bool {
        guard let mistake = compressionMistake, CompressionMistake.violations.contains(violation.rule) else {
            return false
        }
        let end = mistake.evidence.offset + mistake.evidence.length
        return (mistake.evidence.offset..<end).contains(violation.offset)
    }
}

extension Timeline {
    /// The requirement behind a violation: RFC 7692's for RSV1 in a wrong place, once compression was agreed on.
    fileprivate func requirement(of violation: Violation) -> String {
        guard violation.rule == .reservedBits, negotiation.compression != nil,
            let header = entries.lazy.compactMap({ $0.header(at: violation.offset) }).first, header.rsv == 4
        else { return violation.rule.requirement }
        return header.opcode.isControl ? "RFC7692-6.1-03" : "RFC7692-6.1-04"
    }
}

extension Timeline.Entry {
    /// The header of the frame that begins at this offset; nil if the entry is none.
    fileprivate func header(at offset: UInt64) -> FrameHeader? {
        guard case .frame(let header) = kind, evidence?.offset == offset, !header.opcode.isReserved else { return nil }
        return header
    }
}

extension ViolationRule {
    /// A violation in a Close frame belongs to the closing, any other to the behaviour.
    fileprivate var axis: Axis {
        switch self {
        case .closeBodyOneByte, .closeCodeUnused, .closeCodeReserved, .closeCodeNoStatus, .closeCodeAbnormal,
            .closeCodeTLSHandshake, .closeCodeForClientsOnly, .closeCodeUndefined, .closeCodeOutOfRange,
            .closeReasonNotUTF8, .dataAfterClose:
            .closing
        default: .behaviour
        }
    }

    fileprivate var verdict: Verdict {
        switch self {
        // 7.4.2 has these as reserved or undefined, in prose without a keyword.
        case .closeCodeReserved, .closeCodeUndefined, .closeCodeForClientsOnly, .closeCodeOutOfRange: .tolerated
        // An exception: 7.4.2 has codes below 1000 as "not used", so no registry can ever give them a meaning.
        case .closeCodeUnused: .fail
        // An exception: 7.1.6 defines the reason as UTF-8, and 5.5.1 and 8.1 bind every reader to it.
        case .closeReasonNotUTF8: .fail
        // An exception: without this rule no receiver can inflate a message at all.
        case .invalidDeflate: .fail
        // An exception: without this rule no receiver can tell where a message begins or ends.
        case .continuationWithoutStart: .fail
        default: .fail
        }
    }
}

extension Timeline {
    /// The offset of an HTTP response among the frames, as from a framework that does not know about the 101.
    ///
    /// The letters `HT` look like the header of a Close frame with RSV1, without FIN, and with a length of 84 octets.
    var responseAmongFrames: UInt64? {
        entries.first { entry in
            guard case .frame(let header) = entry.kind else { return false }
            return header.opcode == .close && !header.fin && header.rsv == 4 && header.maskingKey == nil
                && header.payloadLength == 84 && header.isMinimal
        }?.evidence?.offset
    }
}
