import WSLink
import WSProtocol

/// What a model peer sends once the connection is open, and how it ends.
extension ModelEndpoint {
    // MARK: - Sending

    /// Sends a frame that the application wants to send unasked.
    mutating func sendOwn(_ opcode: Opcode, _ payload: [UInt8]) {
        let frame = OutgoingFrame(.surplus, opcode, payload)
        for frame in compression?.frames(for: frame) ?? [frame] { append(frame) }
        if opcode == .close { hasSentClose = true }
    }

    /// Sends a frame, or what an endpoint with the defects sends instead.
    mutating func emit(_ frame: OutgoingFrame) {
        guard !defects.isEmpty else {
            for frame in compression?.frames(for: frame) ?? [frame] { append(frame) }
            return
        }
        for frame in spoiler.frames(insteadOf: frame, &compression) { append(frame) }
    }

    /// Appends a frame to the outbox, masked if the role requires it (RFC 6455 section 5.3).
    mutating func append(_ frame: OutgoingFrame) {
        if leavesKeyOutOfEmptyFrames, frame.payload.isEmpty {
            return outbox.append(octets: [0x80 | frame.opcode.rawValue, 0x80])
        }
        var frame = frame
        if let key = keys?.next(payloadLength: frame.payload.count) {
            frame.maskingKey = key
            if countsKeyInLength { frame.lengthExcess += 4 }
        }
        outbox.append(frame)
    }

    mutating func echoWithoutCopy(_ opcode: Opcode) {
        let key = keys?.next(payloadLength: message.count)
        let header = FrameHeader(opcode: opcode, maskingKey: key, payloadLength: UInt64(message.count))
        var chunks = message.take()
        if let key {
            var offset: UInt64 = 0
            for index in chunks.indices {
                key.apply(to: &chunks[index], payloadOffset: offset)
                offset += UInt64(chunks[index].count)
            }
        }
        outbox.append(header, chunks: chunks)
    }

    /// Hands octets to the link as far as it accepts them, and ends our side after the last one.
    mutating func send(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        // RFC 6455 section 7.1.1 allows any means against a client that writes but never reads.
        if outbox.backlog > maximumBacklog { stage = .resetting }
        guard stage != .resetting else {
            actions.append(.reset)
            return end()
        }
        outbox.flush(into: &actions)
        guard stage == .closing else { return }
        message.forget()
        guard outbox.isEmpty else {
            actions.append(.setTimer(Timer.closing, at: now + ModelServer.closingLimit))
            return
        }
        stage = .lingering
        if role == .client {
            awaitEnd(now, &actions)
        } else if defects.contains(.neverClosesTCP) {
            actions.append(.cancelTimer(Timer.closing))
        } else if defects.contains(.resetsAfterClose) {
            actions.append(.setTimer(Timer.closing, at: now + ModelServer.timeBeforeReset))
        } else if defects.contains(.closesTCPLate) {
            actions.append(.setTimer(Timer.closing, at: now + ModelServer.tardiness))
        } else {
            actions.append(.closeOutput)
            actions.append(.setTimer(Timer.closing, at: now + ModelServer.lingeringLimit))
        }
    }

    /// Waits as a client for the server to end TCP, for a limited time (RFC 6455 section 7.1.1).
    private mutating func awaitEnd(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        if defects.contains(.neverClosesTCP) {
            actions.append(.cancelTimer(Timer.closing))
        } else if defects.contains(.resetsAfterClose) || endsFirst {
            actions.append(.setTimer(Timer.closing, at: now))
        } else {
            actions.append(.setTimer(Timer.closing, at: now + ModelClient.patience))
        }
    }

    mutating func end() {
        stage = .over
        message.forget()
        outbox.forget()
    }
}
