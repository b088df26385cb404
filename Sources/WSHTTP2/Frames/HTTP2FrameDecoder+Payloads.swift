import WSLimits

extension HTTP2FrameDecoder {
    // MARK: - Headers

    /// A wrong size ends the connection where the frame could change its state (RFC 9113 section 4.2).
    func frameSizeDue(_ header: HTTP2FrameHeader) -> HTTP2Due {
        let isOfConnection = header.type.carriesFieldBlock || header.type == .settings || header.streamID == 0
        return HTTP2Due(isOfConnection ? .connection : .stream, .frameSizeError)
    }

    /// Reports what is wrong with a header and where it stands.
    mutating func check(_ header: HTTP2FrameHeader, isFirst: Bool) {
        let name = header.type.name
        if isFirst, header.type != .settings || header.flags.contains(.acknowledgment) {
            report(.firstFrameNotSettings, "the first frame is \(name)")
        }
        if header.reservedBit { report(.reservedBit, "the bit before the identifier of a \(name) frame's stream") }
        let unused = header.flags.subtracting(header.type.definedFlags).rawValue
        if unused != 0, header.type.isDefined { report(.unusedFlag, "flags \(unused) on a \(name) frame") }
        if header.length > maximumFrameSize {
            let detail = "\(header.length) octets in a \(name) frame, of at most \(maximumFrameSize)"
            report(.frameTooLarge, due: frameSizeDue(header), detail)
        }
        checkOrder(header)
        guard header.type.isDefined else { return }
        checkStream(header)
        checkLength(header)
    }

    private mutating func checkOrder(_ header: HTTP2FrameHeader) {
        let name = header.type.name
        guard let open = block else {
            if header.type == .continuation {
                report(.continuationWithoutBlock, "a CONTINUATION frame where no field block is open")
                ignorePayload()
            } else if header.type.carriesFieldBlock {
                beginBlock(header)
            }
            return
        }
        if header.type == .continuation, header.streamID == open.streamID { return }
        report(
            .fieldBlockInterrupted,
            "a \(name) frame on stream \(header.streamID) inside a field block on stream \(open.streamID)"
        )
        if header.type == .continuation {
            ignorePayload()
        } else if header.type.carriesFieldBlock {
            announce(.fieldBlockLost(streamID: open.streamID, octets: blockLength, endsStream: open.endsStream))
            beginBlock(header)
        }
    }

    private mutating func checkStream(_ header: HTTP2FrameHeader) {
        switch header.type {
        case .settings, .ping, .goAway:
            guard header.streamID != 0 else { return }
            report(
                .streamUnexpected,
                due: HTTP2Due(.connection, .protocolError),
                "a \(header.type.name) frame on stream \(header.streamID)"
            )
        case .windowUpdate: break
        default:
            guard header.streamID == 0 else { return }
            report(.streamMissing, "a \(header.type.name) frame without a stream")
        }
    }

    private mutating func checkLength(_ header: HTTP2FrameHeader) {
        let length = header.length
        switch header.type {
        case .priority where length != 5: wrongLength(.priorityLength, header)
        case .resetStream where length != 4: wrongLength(.resetStreamLength, header)
        case .settings where header.flags.contains(.acknowledgment) && length != 0:
            wrongLength(.settingsAckPayload, header)
        case .settings where length % 6 != 0: wrongLength(.settingsLength, header)
        case .ping where length != 8: wrongLength(.pingLength, header)
        case .goAway where length < 8: wrongLength(.frameTooShort, header)
        case .windowUpdate where length != 4: wrongLength(.windowUpdateLength, header)
        default: break
        }
    }

    private mutating func wrongLength(_ rule: HTTP2Rule, _ header: HTTP2FrameHeader) {
        report(rule, due: rule == .frameTooShort ? frameSizeDue(header) : nil, "\(header.length) octets")
        ignorePayload()
    }

    // MARK: - Payloads

    /// How many octets stand before the fragment of a field block.
    private func octetsBeforeFragment(_ header: HTTP2FrameHeader) -> Int {
        switch header.type {
        case .headers where header.flags.contains(.priority): HTTP2Priority.encodedLength
        case .pushPromise: 4
        default: 0
        }
    }

    /// Takes octets of a frame that is not DATA.
    mutating func take(_ bytes: Span<UInt8>) {
        guard let header = currentHeader else { return }
        var rest = 0
        if header.type.carriesFieldBlock {
            rest = min(bytes.count, max(0, octetsBeforeFragment(header) - kept.count))
            kept.append(octets: bytes.extracting(first: rest))
            takeFragment(bytes.extracting(rest..<bytes.count))
        } else {
            let room = Limits.framePayload.value - kept.count
            kept.append(octets: bytes.extracting(first: min(room, bytes.count)))
        }
    }

    private mutating func takeFragment(_ bytes: Span<UInt8>) {
        guard bytes.count > 0 else { return }
        blockLength += bytes.count
        if blockLength > Limits.fieldBlock.value { isBlockLost = true }
        if isBlockLost {
            block?.octets = []
        } else {
            block?.octets.append(octets: bytes)
        }
    }

    private mutating func beginBlock(_ header: HTTP2FrameHeader) {
        block = HTTP2FieldBlock(
            streamID: header.streamID,
            endsStream: header.type == .headers && header.flags.contains(.endStream),
            offset: frameOffset
        )
        blockLength = 0
        isBlockLost = false
    }

    /// Announces the field block if its last frame has ended.
    mutating func endFragment(_ header: HTTP2FrameHeader, _ payload: HTTP2Payload) {
        guard header.type != .continuation || !isSkipped, block != nil else { return }
        if case .malformed = payload { isBlockLost = true }
        if case .pushPromise(_, let promisedID) = payload { block?.promisedID = promisedID }
        block?.frameCount += 1
        block?.end = streamOffset
        guard header.flags.contains(.endHeaders), let ended = block.take() else { return }
        if isBlockLost {
            announce(.fieldBlockLost(streamID: ended.streamID, octets: blockLength, endsStream: ended.endsStream))
        } else {
            announce(.fieldBlock(ended))
        }
    }

    /// Reads the payload of a frame that is not DATA, all of which has come.
    mutating func read(_ header: HTTP2FrameHeader, length: Int) -> HTTP2Payload {
        switch header.type {
        case .headers, .pushPromise: return readBlockStart(header, length: length)
        case .continuation: return .continuation(fragmentLength: length)
        case .priority: return .priority(HTTP2Priority(kept, at: 0))
        case .resetStream: return .resetStream(HTTP2ErrorCode(rawValue: kept.number(at: 0)))
        case .settings:
            return header.flags.contains(.acknowledgment) ? .settingsAcknowledgment : .settings(readSettings())
        case .ping: return .ping(kept, isAcknowledgment: header.flags.contains(.acknowledgment))
        case .goAway:
            let last = readStreamID(at: 0, of: header)
            let code = HTTP2ErrorCode(rawValue: kept.number(at: 4))
            return .goAway(lastStreamID: last, code, debugData: Array(kept[8...]))
        case .windowUpdate:
            let increment = readStreamID(at: 0, of: header)
            if increment == 0 { report(.windowIncrementZero, "an increment of 0") }
            return .windowUpdate(increment)
        default: return .unknown(kept)
        }
    }

    private mutating func readBlockStart(_ header: HTTP2FrameHeader, length: Int) -> HTTP2Payload {
        let before = octetsBeforeFragment(header)
        guard kept.count == before else {
            report(.frameTooShort, due: frameSizeDue(header), "\(length) octets in a \(header.type.name) frame")
            return .malformed
        }
        if header.type == .pushPromise {
            return .pushPromise(fragmentLength: length - before, promisedID: readStreamID(at: 0, of: header))
        }
        return .headers(fragmentLength: length - before, priority: before == 0 ? nil : HTTP2Priority(kept, at: 0))
    }

    /// A number of 31 bits behind a reserved one.
    private mutating func readStreamID(at index: Int, of header: HTTP2FrameHeader) -> UInt32 {
        let word = kept.number(at: index)
        if word >> 31 != 0 { report(.reservedBit, "the first bit in a \(header.type.name) frame") }
        return word & HTTP2FrameHeader.maximumStreamID
    }

    private func readSettings() -> [HTTP2Setting] {
        stride(from: 0, to: kept.count - 5, by: 6).map { index in
            let identifier = UInt16(kept[index]) << 8 | UInt16(kept[index + 1])
            return HTTP2Setting(.init(rawValue: identifier), kept.number(at: index + 2))
        }
    }
}
