extension HTTP2Observer {
    // MARK: - Headers

    /// Takes the header of a frame: whether the state of its stream allows it, and whether DATA fit the windows.
    mutating func begin(_ header: HTTP2FrameHeader, _ direction: HTTP2Direction) {
        let lane = direction.rawValue
        lanes[lane].header = header
        lanes[lane].fits = true
        guard header.streamID != 0 else {
            if header.type == .headers { lanes[lane].blockFits = false }
            return
        }
        switch header.type {
        case .data:
            lanes[lane].fits = apply(.data, on: header.streamID, direction)
            if lanes[lane].fits, streams.isTooEarlyForData(header.streamID, from: lanes[lane].sender) {
                let detail = "DATA before the header section of a response"
                lanes[lane].report(.dataBeforeHeaders, on: header.streamID, detail)
            }
            for rule in lanes[lane].flow.send(Int(header.length), on: header.streamID) {
                let isOfStream = rule == .streamWindowExceeded
                let left = isOfStream ? lanes[lane].flow[header.streamID]?.size : lanes[lane].flow.connection.size
                lanes[lane].report(
                    rule,
                    on: isOfStream ? header.streamID : 0,
                    "\(header.length) octets of DATA, \(-(left ?? 0)) more than the window allows"
                )
            }
        case .headers: lanes[lane].blockFits = apply(.headers, on: header.streamID, direction)
        case .windowUpdate: lanes[lane].fits = apply(.windowUpdate, on: header.streamID, direction)
        default: break
        }
    }

    /// Applies a frame to the state of its stream, and returns whether it fits.
    private mutating func apply(_ type: HTTP2FrameType, on streamID: UInt32, _ direction: HTTP2Direction) -> Bool {
        guard let change = streams.change(streamID, { $0.machine.take(type, direction) }) else {
            return applyToMissing(type, streamID, direction)
        }
        account(streamID, from: change.before, to: change.after)
        guard let rule = change.result else { return true }
        let by: HTTP2StreamState = direction == .sent ? .closed(.resetSent) : .closed(.resetReceived)
        let when = rule != .frameAfterReset ? "" : change.before == by ? ", which it had reset" : ", which was reset"
        lanes[direction.rawValue].report(rule, on: streamID, "a \(type.name) frame on stream \(streamID)\(when)")
        return false
    }

    private mutating func applyToMissing(
        _ type: HTTP2FrameType,
        _ streamID: UInt32,
        _ direction: HTTP2Direction
    ) -> Bool {
        if isIdle(streamID) {
            if type == .headers { return open(streamID, direction) }
            lanes[direction.rawValue].report(
                .frameOnIdleStream,
                on: streamID,
                "a \(type.name) frame on stream \(streamID), which is idle"
            )
            return false
        }
        guard !streams.isIncomplete else { return true }
        let reopens = type == .headers && initiator(of: streamID) == direction
        lanes[direction.rawValue].report(
            reopens ? .streamIDNotIncreasing : .frameOnClosedStream,
            on: streamID,
            "a \(type.name) frame on stream \(streamID), which was passed over"
        )
        return false
    }

    private mutating func open(_ streamID: UInt32, _ direction: HTTP2Direction) -> Bool {
        let (lane, other) = (direction.rawValue, direction.opposite.rawValue)
        guard lanes[lane].sender == .client else {
            lanes[lane].report(.frameOnIdleStream, on: streamID, "HEADERS on stream \(streamID), which is idle")
            return false
        }
        guard initiator(of: streamID) == direction else {
            lanes[lane].report(.streamIDParity, on: streamID, "a client opens stream \(streamID)")
            return false
        }
        lanes[lane].highestStreamID = streamID
        if lanes[other].goAway != nil, direction == .sent || lanes[other].isGoAwayKnown {
            lanes[lane].report(.streamAfterGoAway, on: streamID, "stream \(streamID) is opened behind GOAWAY")
        }
        let limit = lanes[other].settings.inForce.maxConcurrentStreams
        if let limit, lanes[lane].activeStreams >= Int(limit) {
            let detail = "stream \(streamID) beside \(lanes[lane].activeStreams) others, of at most \(limit)"
            lanes[lane].report(.tooManyStreams, on: streamID, detail)
        }
        var stream = HTTP2Stream()
        _ = stream.machine.take(.headers, direction)
        follow(stream, streamID)
        return true
    }

    private mutating func follow(_ stream: HTTP2Stream, _ streamID: UInt32) {
        guard streams.insert(stream, streamID) else { return }
        for lane in lanes.indices { lanes[lane].flow.open(streamID) }
        account(streamID, from: .idle, to: stream.machine.state)
    }

    private mutating func account(_ streamID: UInt32, from before: HTTP2StreamState, to after: HTTP2StreamState) {
        guard before != after else { return }
        let initiator = initiator(of: streamID).rawValue
        switch (before.isActive, after.isActive) {
        case (false, true): lanes[initiator].activeStreams += 1
        case (true, false): lanes[initiator].activeStreams -= 1
        default: break
        }
        // Only who may still send has a window (RFC 9113 section 6.9.2).
        switch after {
        case .halfClosedLocal: lanes[HTTP2Direction.sent.rawValue].flow.close(streamID)
        case .halfClosedRemote: lanes[HTTP2Direction.received.rawValue].flow.close(streamID)
        case .closed: for lane in lanes.indices { lanes[lane].flow.close(streamID) }
        case .idle, .reservedLocal, .reservedRemote, .open: break
        }
    }

    // MARK: - Payloads

    /// Takes a frame whose payload has been read.
    mutating func finish(_ header: HTTP2FrameHeader, _ payload: HTTP2Payload, _ direction: HTTP2Direction) {
        let (lane, streamID) = (direction.rawValue, header.streamID)
        switch payload {
        case .data(let length, _): finishData(length, header, direction)
        case .resetStream(let code):
            guard streamID != 0, apply(.resetStream, on: streamID, direction) else { return }
            lanes[lane].announce(.streamEnd(streamID: streamID, .reset(code), offset: lanes[lane].frameOffset))
        case .settings(let settings): set(settings, direction)
        case .settingsAcknowledgment: acknowledge(direction)
        case .pushPromise(_, let promisedID): promise(promisedID, on: streamID, direction)
        case .ping(let octets, let isAcknowledgment): ping(octets, isAcknowledgment: isAcknowledgment, direction)
        case .goAway(let last, _, _):
            if let previous = lanes[lane].goAway, last > previous {
                lanes[lane].report(.goAwayIncreased, on: 0, "stream \(last) after stream \(previous)")
            }
            lanes[lane].goAway = min(last, lanes[lane].goAway ?? last)
        case .windowUpdate(let increment):
            guard lanes[lane].fits else { return }
            let other = direction.opposite.rawValue
            guard !lanes[other].flow.update(increment, on: streamID) else { return }
            lanes[lane].report(.windowOverflow, on: streamID, "an increment of \(increment)")
        case .headers, .priority, .continuation, .unknown, .malformed: break
        }
    }

    private mutating func finishData(_ length: Int, _ header: HTTP2FrameHeader, _ direction: HTTP2Direction) {
        let (lane, streamID) = (direction.rawValue, header.streamID)
        guard lanes[lane].fits, streamID != 0 else { return }
        let sender = lanes[lane].sender
        if let problem = streams.change(streamID, { $0.exchange.takeData(length, from: sender) })?.result {
            lanes[lane].report(problem.rule, on: streamID, problem.detail)
        }
        if header.flags.contains(.endStream) { end(streamID, direction) }
    }

    private mutating func end(_ streamID: UInt32, _ direction: HTTP2Direction) {
        let lane = direction.rawValue
        let sender = lanes[lane].sender
        let change = streams.change(streamID) { stream in
            stream.machine.end(direction)
            return stream.exchange.end(from: sender)
        }
        if let change {
            account(streamID, from: change.before, to: change.after)
            if let problem = change.result { lanes[lane].report(problem.rule, on: streamID, problem.detail) }
        }
        lanes[lane].announce(.streamEnd(streamID: streamID, .endStream, offset: lanes[lane].frameOffset))
    }

    private mutating func promise(_ promisedID: UInt32, on streamID: UInt32, _ direction: HTTP2Direction) {
        let (lane, other) = (direction.rawValue, direction.opposite.rawValue)
        guard lanes[lane].sender == .server else {
            return lanes[lane].report(.pushPromiseByClient, on: streamID, "a client promises stream \(promisedID)")
        }
        if lanes[other].settings.inForce.enablePush == 0 {
            lanes[lane].report(.pushPromiseDisabled, on: streamID, "stream \(promisedID) is promised")
        }
        let state = state(of: streamID)
        let allowed: [HTTP2StreamState] =
            direction == .sent
            ? [.open, .halfClosedRemote] : [.open, .halfClosedLocal, .closed(.resetSent)]
        if streamID != 0, !(state.map { allowed.contains($0) } ?? streams.isIncomplete) {
            lanes[lane].report(.pushPromiseState, on: streamID, "PUSH_PROMISE on stream \(streamID)")
        }
        guard promisedID != 0, initiator(of: promisedID) == direction, isIdle(promisedID) else {
            return lanes[lane].report(.promisedStreamInvalid, on: streamID, "stream \(promisedID) is promised")
        }
        lanes[lane].highestStreamID = promisedID
        var stream = HTTP2Stream()
        stream.machine.reserve(direction)
        follow(stream, promisedID)
    }

    // MARK: - Field blocks

    /// Takes a field block that is complete.
    mutating func take(_ block: HTTP2FieldBlock, _ direction: HTTP2Direction) {
        let lane = direction.rawValue
        let streamID = block.promisedID ?? block.streamID
        let read = lanes[lane].hpack.decode(block.octets.span)
        let isWhole = read.omittedLines == 0 && !read.problems.contains { $0.kind.isFatal }
        var section = HTTP2FieldSection(
            streamID: streamID,
            carrierID: block.streamID,
            kind: nil,
            block: read,
            pseudo: HTTP2Pseudo(),
            isPromised: block.promisedID != nil,
            endsStream: block.endsStream,
            frameCount: block.frameCount,
            offset: block.offset,
            end: block.end
        )
        let understood = understand(read.lines, streamID, block, direction)
        if let understood {
            section.kind = understood.kind
            section.pseudo = understood.pseudo
        } else {
            section.pseudo = HTTP2Pseudo(of: read.fields)
        }
        lanes[lane].announce(.section(section))
        for problem in read.problems where problem.kind != .tableUnknown {
            let detail = "\(problem.kind), at octet \(problem.offset) of the block (\(problem.kind.reference))"
            lanes[lane].report(.fieldBlockInvalid, on: block.streamID, at: block.offset, detail)
        }
        if isWhole {
            for problem in understood?.problems ?? [] {
                lanes[lane].report(problem.rule, on: streamID, at: block.offset, problem.detail)
            }
        }
        if block.endsStream, lanes[lane].blockFits { end(block.streamID, direction) }
    }

    private mutating func understand(
        _ lines: [HPACKLine],
        _ streamID: UInt32,
        _ block: HTTP2FieldBlock,
        _ direction: HTTP2Direction
    ) -> HTTP2Exchange.Section? {
        if block.promisedID != nil {
            return streams.change(streamID) { $0.exchange.takePromise(lines) }?.result
        }
        guard lanes[direction.rawValue].blockFits else { return nil }
        let sender = lanes[direction.rawValue].sender
        let isProtocolEnabled = lanes[direction.opposite.rawValue].settings.inForce.enableConnectProtocol == 1
        return streams.change(streamID) { stream in
            stream.exchange.take(
                lines,
                from: sender,
                endsStream: block.endsStream,
                isProtocolEnabled: isProtocolEnabled
            )
        }?.result
    }

    /// Takes a field block that was not put together.
    mutating func lose(_ streamID: UInt32, octets: Int, endsStream: Bool, _ direction: HTTP2Direction) {
        let lane = direction.rawValue
        lanes[lane].hpack.lose()
        lanes[lane].announce(.sectionLost(streamID: streamID, octets: octets))
        if endsStream, lanes[lane].blockFits { end(streamID, direction) }
    }
}
