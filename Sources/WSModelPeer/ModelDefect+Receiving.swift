import WSProtocol

extension ModelDefect {
    /// The rules for frames that a server with the defect does not enforce.
    var swallowedRules: [ViolationRule] {
        switch self {
        case .swallowsRSV: [.reservedBits]
        case .swallowsReservedOpcode: [.reservedOpcode]
        case .swallowsFragmentedControl: [.fragmentedControl]
        case .swallowsOversizedControl: [.oversizedControl]
        case .swallowsOrphanContinuation: [.continuationWithoutStart]
        case .swallowsInterleavedMessage: [.dataFrameInsideMessage]
        case .swallowsUnmasked: [.unmaskedClientFrame]
        case .swallowsNonMinimalLength, .narrowsLengths: [.nonMinimalLength]
        case .swallowsLengthTopBit: [.lengthTopBit]
        case .swallowsInvalidUTF8: [.invalidUTF8, .truncatedUTF8]
        case .swallowsTruncatedUTF8: [.truncatedUTF8]
        case .acceptsOneByteClose: [.closeBodyOneByte]
        case .acceptsInvalidCloseCode:
            [
                .closeCodeUnused, .closeCodeReserved, .closeCodeNoStatus, .closeCodeAbnormal, .closeCodeTLSHandshake,
                .closeCodeUndefined, .closeCodeOutOfRange,
            ]
        case .acceptsInvalidCloseReason, .mendsCloseReasons: [.closeReasonNotUTF8]
        // An endpoint that ignores a Close frame also ignores what follows it.
        case .ignoresClose: [.dataAfterClose]
        default: []
        }
    }
}

extension Set<ModelDefect> {
    /// Why an endpoint with the defects refuses a frame with this valid header; nil if it accepts it.
    func refusal(of header: FrameHeader, insideMessage: Bool) -> String? {
        guard !isEmpty else { return nil }
        if contains(.rejectsFragmentedMessage), !header.fin { return "fragments are not supported" }
        if contains(.rejectsControlInsideMessage), header.opcode.isControl, insideMessage {
            return "a message is not complete"
        }
        if contains(.rejectsPingsWithData), header.opcode == .ping, header.payloadLength > 0 {
            return "the Ping has a payload"
        }
        if contains(.rejectsEmptyFrames), header.payloadLength == 0, header.maskingKey != nil {
            return "the frame behind an empty one is not masked"
        }
        if contains(.rejectsLength125), header.payloadLength == 125 { return "the length is in the wrong form" }
        if contains(.readsSignedLengths), (32_768...65_535).contains(header.payloadLength) {
            return "the length is negative"
        }
        if contains(.rejects64BitLengths), header.payloadLength > 65_535 { return "the frame is too long" }
        if contains(.rejectsZeroKey), header.maskingKey?.rawValue == 0 { return "the frame is not masked" }
        return nil
    }

    /// Why an endpoint with the defects refuses a valid Close frame; nil if it accepts it.
    func refusal(of body: CloseBody) -> String? {
        guard let code = body.code else { return contains(.rejectsEmptyClose) ? "the Close has no code" : nil }
        if contains(.rejectsCloseBodies) || contains(.rejectsCloseReasons) && !body.reason.isEmpty {
            return "the Close has a body"
        }
        let isRefused =
            contains(.rejectsPrivateCloseCode) && code >= 3000 || contains(.rejectsOtherCloseCodes) && code != 1000
        return isRefused ? "the close code is not known" : nil
    }

    /// Whether a defect refuses valid texts.
    var judgesTexts: Bool { !isDisjoint(with: ModelDefect.judgingTexts) }

    /// Why an endpoint with the defects refuses a valid text, or the part received so far; nil if it accepts it.
    func refusal(ofText octets: [UInt8], isComplete: Bool) -> String? {
        if contains(.rejectsSplitCharacters), String(validating: octets, as: UTF8.self) == nil {
            return "a frame is not UTF-8"
        }
        if contains(.rejectsNonASCII), octets.contains(where: { $0 > 0x7F }) { return "the text is not ASCII" }
        if contains(.expectsJSON), isComplete, !octets.mayBeJSON { return "the text is no JSON" }
        let hasNoncharacter = isComplete && String(decoding: octets, as: UTF8.self).hasNoncharacter
        return contains(.rejectsNoncharacters) && hasNoncharacter ? "the text has a noncharacter" : nil
    }
}

extension ModelDefect {
    /// Defects that refuse valid texts.
    fileprivate static let judgingTexts: Set<Self> = [
        .rejectsSplitCharacters, .rejectsNoncharacters, .rejectsNonASCII, .expectsJSON,
    ]
}

extension [UInt8] {
    /// The octets with their fragments in reverse order; the offsets are the ends of the fragments.
    func reversed(fragmentsEndingAt ends: [Int]) -> [UInt8] {
        guard ends.last == count else { return self }
        return zip([0] + ends, ends).reversed().flatMap { self[$0..<$1] }
    }
}

extension [UInt8] {
    /// Whether a JSON text can begin with these octets (RFC 8259 sections 2 and 3).
    fileprivate var mayBeJSON: Bool {
        let blanks = Array(" \t\r\n".utf8)
        guard let first = first(where: { !blanks.contains($0) }) else { return false }
        return Array("{[\"-0123456789tfn".utf8).contains(first)
    }
}

extension String {
    /// Whether the text contains a noncharacter (The Unicode Standard, section 23.7).
    fileprivate var hasNoncharacter: Bool {
        unicodeScalars.contains { $0.value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains($0.value) }
    }
}
