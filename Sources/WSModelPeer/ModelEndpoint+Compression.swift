import WSProtocol

/// How a model peer reads compressed messages, and its defects in that.
extension ModelEndpoint {
    /// Uses what the opening handshake agreed on.
    mutating func use(_ agreed: DeflateParameters?) {
        reader.negotiation = Negotiation(compression: agreed)
        compression = agreed.map { MessageCompression($0, role: role, defects: defects) }
        guard let agreed else {
            if defects.contains(.inflatesUnagreed) {
                inflater = DefectiveInflater(defects, limit: limit, DeflateParameters(), role: role)
            }
            return
        }
        guard DefectiveInflater.isNeeded(defects) else { return }
        reader = MessageReader(
            sender: role.opposite,
            negotiation: reader.negotiation,
            decoder: PayloadDecoder()
        )
        let least = defects.isDisjoint(with: [.cutsAboveLimit, .roundsLimitUp]) ? limit : 66_560
        let isLimited = defects.isDisjoint(with: [.limitsPayloadAlone, .limitsEachFragment])
        inflater = DefectiveInflater(defects, limit: isLimited ? least : Self.mostInflated, agreed, role: role)
    }

    /// The most octets of a message where a defect does not count them.
    private static let mostInflated = 32 << 20

    /// Inflates the finished message where that is done with defects.
    ///
    /// - Parameter opcode: Its type.
    /// - Returns: Whether it can be delivered; if not, the connection has been failed, or nothing happens any more.
    mutating func inflateWithDefects(_ opcode: Opcode) -> Bool {
        guard inflater != nil else { return true }
        let whole = DefectiveInflater.Message(
            payload: message.octets,
            frameEnds: fragmentEnds,
            isCompressed: isCompressed,
            hasControlInside: hadControlInside
        )
        switch inflater?.receive(whole) {
        case .content(let octets):
            message.start(opcode)
            message.append(octets.span, key: 0, payloadOffset: 0)
            guard opcode == .text, isCompressed, !defects.contains(.swallowsInvalidInflatedText) else { return true }
            // What it takes for compressed or whole by mistake, it does not look at again.
            let isRaw = octets == whole.payload && !defects.isDisjoint(with: Self.deliversPayload)
            guard String(validating: octets, as: UTF8.self) != nil || isRaw else {
                message.finish()
                fail(CloseCode.invalidData, "the text is not UTF-8")
                return false
            }
            return true
        case .failure(CloseCode.messageTooBig): failTooBig()
        case .failure(let code): fail(code, "the message cannot be inflated")
        case .hang: isHung = true
        case nil: break
        }
        message.finish()
        return false
    }

    /// Defects that deliver the payload of compressed messages.
    private static let deliversPayload: Set<ModelDefect> = [.looksAtLastFrame, .forgetsCompressionAtControl]

    /// Whether a violation is none for an endpoint that inflates with defects, or one that it does not see.
    func overlooks(_ rule: ViolationRule) -> Bool {
        switch rule {
        case .reservedBits:
            guard let header = newHeader, header.rsv == 4 else { return false }
            guard compression != nil else {
                return defects.contains(.inflatesUnagreed) && [.text, .binary].contains(header.opcode)
            }
            return header.opcode.isControl
                ? defects.contains(.swallowsRSV1OnControl)
                : header.opcode == .continuation && defects.contains(.swallowsRSV1OnContinuations)
        // The reader saw the payload.
        case .invalidUTF8, .truncatedUTF8:
            return inflater != nil && isCompressed && !defects.contains(.checksUTF8OfPayload)
        default: return false
        }
    }

    /// Why defects refuse a frame on a connection with compression; nil if they do not.
    func refusalOfCompressed(_ header: FrameHeader) -> String? {
        guard compression != nil else { return nil }
        if refusesCompressed || defects.contains(.rejectsCompressed), header.rsv == 4 { return "a reserved bit is set" }
        if defects.contains(.rejectsControlInsideCompressed), header.opcode.isControl, isCompressed,
            message.opcode != nil
        {
            return "a compressed message is not complete"
        }
        let isRefused = defects.contains(.rejectsCompressedBehindPong) && isBehindPong && header.rsv == 4
        return isRefused ? "a reserved bit is set" : nil
    }
}
