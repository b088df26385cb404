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
        case .swallowsNonMinimalLength: [.nonMinimalLength]
        case .swallowsLengthTopBit: [.lengthTopBit]
        case .swallowsInvalidUTF8: [.invalidUTF8, .truncatedUTF8]
        case .swallowsTruncatedUTF8: [.truncatedUTF8]
        case .acceptsOneByteClose: [.closeBodyOneByte]
        case .acceptsInvalidCloseCode:
            [
                .closeCodeUnused, .closeCodeReserved, .closeCodeNoStatus, .closeCodeAbnormal, .closeCodeTLSHandshake,
                .closeCodeUndefined, .closeCodeOutOfRange,
            ]
        case .acceptsInvalidCloseReason: [.closeReasonNotUTF8]
        // Whoever overlooks a Close overlooks what follows it, too.
        case .ignoresClose: [.dataAfterClose]
        default: []
        }
    }
}

extension Set<ModelDefect> {
    /// Why a server with the defects refuses a frame that breaks no rule, told by its header.
    func refusal(of header: FrameHeader, insideMessage: Bool) -> String? {
        guard !isEmpty else { return nil }
        if contains(.rejectsFragmentedMessage), !header.fin { return "fragments are not supported" }
        if contains(.rejectsControlInsideMessage), header.opcode.isControl, insideMessage {
            return "a message is not complete"
        }
        if contains(.rejectsZeroKey), header.maskingKey?.rawValue == 0 { return "the frame is not masked" }
        return nil
    }

    /// Whether a defect refuses texts that break no rule.
    var judgesTexts: Bool { contains(.rejectsSplitCharacters) || contains(.rejectsNoncharacters) }

    /// Why a server with the defects refuses a text that breaks no rule, or the part of one that has come so far.
    func refusal(ofText octets: [UInt8], isComplete: Bool) -> String? {
        if contains(.rejectsSplitCharacters), String(validating: octets, as: UTF8.self) == nil {
            return "a frame is not UTF-8"
        }
        let hasNoncharacter = isComplete && String(decoding: octets, as: UTF8.self).hasNoncharacter
        return contains(.rejectsNoncharacters) && hasNoncharacter ? "the text has a noncharacter" : nil
    }
}

extension String {
    /// Whether a code point is a noncharacter (The Unicode Standard, section 23.7).
    fileprivate var hasNoncharacter: Bool {
        unicodeScalars.contains { $0.value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains($0.value) }
    }
}
