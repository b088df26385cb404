import WSHTTP2
import WSLimits
import WSLink

/// What comes from the other endpoint.
extension HTTP2Link {
    mutating func take(
        _ event: HTTP2Event,
        in bytes: Span<UInt8>,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        switch event {
        case .preface, .violation: break
        case .notHTTP2:
            fail("the \(role.opposite.rawValue) speaks no HTTP/2", now, &actions)
        case .frame(let header, _): take(header, now, &actions)
        case .data(let id, let chunk): takeData(bytes.extracting(chunk), on: id, now, &actions)
        case .frameEnd(let header, let payload, _): take(payload, of: header, now, &actions)
        case .section(let section): self.section = section
        case .sectionLost:
            fail(.enhanceYourCalm, "a field block is larger than \(Limits.fieldBlock) or was cut", now, &actions)
        case .streamEnd(let id, let end, _): takeEnd(of: id, end, now, &actions)
        }
    }

    private mutating func take(_ header: HTTP2FrameHeader, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        if !hasFrame {
            hasFrame = true
            // Text, such as an answer of HTTP/1.1, reads like a frame of an unknown type.
            if role == .client, !header.type.isDefined {
                return fail("the server's first octets are no HTTP/2", now, &actions)
            }
        }
        if spoil(header, now, &actions) { return }
        switch header.type {
        case .headers, .pushPromise: blockOctets = Int(header.length)
        case .continuation:
            // A frame counts as an octet at least, or empty ones would never come to an end.
            blockOctets += max(1, Int(header.length))
            guard blockOctets > Limits.fieldBlock.value else { return }
            fail(.enhanceYourCalm, "a field block has no end within \(Limits.fieldBlock)", now, &actions)
        case .data:
            // The octets of a stream that has ended count for the connection all the same.
            owedCredit += Int(header.length)
            guard streams[header.streamID] != nil else { return }
            streams[header.streamID]?.owedCredit += Int(header.length)
            creditDue.insert(header.streamID)
        default: break
        }
    }

    mutating func takeData(
        _ octets: Span<UInt8>,
        on id: UInt32,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        // No copy of the stream is kept while its machine changes, or all that the machine holds would be copied.
        guard streams[id]?.hasEnded == false else { return }
        if let held = streams[id]?.held?.count {
            // The window bounds what may come; an endpoint that exceeds it loses the stream.
            guard held + octets.count <= Int(max(65_535, settings.streamWindow)) else {
                return reset(id, .flowControlError, as: .reset, now, &actions)
            }
            for index in octets.indices { streams[id]?.held?.append(octets[index]) }
            return
        }
        var inner: [LinkAction] = []
        streams[id]?.machine.linkReceived(octets, at: now, actions: &inner)
        carryOut(inner, of: id, now, &actions)
    }

    private mutating func take(
        _ payload: HTTP2Payload,
        of header: HTTP2FrameHeader,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        if spoil(payload, of: header, now, &actions) { return }
        switch payload {
        case .settings:
            answer(.settingsAcknowledgment, now, &actions)
            guard !hasSettings else { return pumpAll(now, &actions) }
            hasSettings = true
            actions.append(.cancelTimer(Timer.settings))
            watchIdleness(now, &actions)
            tell(.settled(mostStreams: observer.settings(.received).maxConcurrentStreams.map { Int($0) }))
            beginStreams(now, &actions)
        case .ping(let octets, isAcknowledgment: false):
            answer(.ping(octets, isAcknowledgment: true), now, &actions)
        case .ping(let octets, isAcknowledgment: true): takePong(octets, now, &actions)
        case .windowUpdate:
            if header.streamID == 0 { pumpAll(now, &actions) } else { pump(header.streamID, now, &actions) }
        case .goAway(let last, let code, _): takeGoAway(last, code, now, &actions)
        default: break
        }
    }

    /// Answers SETTINGS or PING, unless too many answers wait for an endpoint that does not read them.
    private mutating func answer(_ frame: HTTP2Frame, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard mayAnswer(now, &actions) else { return }
        write(frame.encoded, &actions)
    }

    /// Counts an answer, and gives the connection up if too many wait to be written.
    private mutating func mayAnswer(_ now: LinkInstant, _ actions: inout [LinkAction]) -> Bool {
        unwrittenAnswers += 1
        if unwrittenAnswers == 1 { actions.append(.notifyWhenWritten) }
        guard unwrittenAnswers > Limits.connectionAnswers.value else { return true }
        fail(.enhanceYourCalm, "the limit \(Limits.connectionAnswers) is reached", now, &actions)
        return false
    }

    // MARK: - Sections

    /// Takes a request or a response that fits.
    mutating func take(_ section: HTTP2FieldSection, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        let id = section.streamID
        switch section.kind {
        case .request where role == .server && !section.isPromised: takeRequest(section, now, &actions)
        case .response:
            deliver(to: id, now, &actions) {
                $0.linkReceivedFields(section.linkFields, ends: section.endsStream, at: now, actions: &$1)
            }
        case .request where section.isPromised: reset(id, .refusedStream, as: .reset, now, &actions)
        case .request, .trailers, nil: break
        }
    }

    private mutating func takeRequest(
        _ section: HTTP2FieldSection,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        let (id, fields) = (section.streamID, section.linkFields)
        // A stream may have been refused already.
        guard let makeStream, streams[id] == nil, observer.state(of: id)?.isActive == true else { return }
        // A client that never acknowledges the limit is bound by none that its violations would tell.
        let isFull = streams.count >= settings.mostStreams && !has(.overlooksLimit)
        guard !isFull, !has(.servesOneStream) || id == 1 else {
            guard mayAnswer(now, &actions) else { return }
            return reset(id, .refusedStream, as: .reset, now, &actions)
        }
        streams[id] = HTTP2LinkStream(id: id, machine: makeStream(fields))
        streams[id]?.isOrdinary = fields.first(":method") != "CONNECT"
        actions.append(.cancelTimer(Timer.idle))
        tellBeginning(of: id)
        begin(id, now, &actions)
        deliver(to: id, now, &actions) {
            $0.linkReceivedFields(fields, ends: section.endsStream, at: now, actions: &$1)
        }
        if id == 1 { spoilBehindRequest(&actions) }
    }

    // MARK: - Ends

    private mutating func takeEnd(
        of id: UInt32,
        _ end: HTTP2StreamEnd,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        if end == .endStream, has(.overlooksEndStream) { return }
        if case .reset = end {
            lastReset = id
            if has(.endsConnectionsOverResets) { return fail(.internalError, "a stream was reset", now, &actions) }
            if streams[id] != nil, role == .server {
                cancelledStreams += 1
                guard cancelledStreams <= Limits.cancelledStreams.value else {
                    return fail(
                        .enhanceYourCalm,
                        "the limit \(Limits.cancelledStreams) is reached",
                        now,
                        &actions
                    )
                }
            }
            streams[id]?.hasEndedOutput = true
            streams[id]?.queue.forget()
            // What came before is not lost, and behind END_STREAM a RST_STREAM changes nothing (RFC 9113 section 8.1).
            if streams[id]?.held != nil {
                if streams[id]?.heldEnd == nil { streams[id]?.heldEnd = .reset }
            } else {
                endMachine(of: id, with: .reset, now, &actions)
            }
        } else if streams[id]?.isOrdinary == true, streams[id]?.hasEndedOutput == false {
            streams[id]?.endsWithOutput = true
        } else if streams[id]?.held != nil {
            streams[id]?.heldEnd = .finished
        } else {
            finish(id, now, &actions)
        }
        forgetIfClosed(id, &actions)
    }

    private mutating func takeGoAway(
        _ last: UInt32,
        _ code: HTTP2ErrorCode,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        guard role == .client else { return }
        let line = "the server ended the connection (GOAWAY with \(code.name))"
        trouble = trouble ?? line
        for id in streams.keys.sorted() where id > last {
            streams[id]?.hasEndedOutput = true
            streams[id]?.queue.forget()
            endMachine(of: id, with: .notConnected(line), now, &actions)
        }
        endWaiting(with: .notConnected(line), now)
    }

    // MARK: - Violations

    /// Keeps a violation, and ends what it ends.
    mutating func take(_ violation: HTTP2Violation, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        if violations.count < Self.keptViolations { violations.append(violation) }
        let ends = settings.isStrict ? violation.due.isRequired : violation.rule.leavesNothing
        guard ends, !has(.overlooksViolations) else { return }
        if violation.rule == .frameAfterEndStream, has(.overlooksEndStream) { return }
        if violation.rule == .tooManyStreams, has(.overlooksLimit) { return }
        let code = violation.due.codes.first ?? .protocolError
        switch violation.due.scope {
        case .nothing: break
        case .stream:
            if section?.streamID == violation.streamID { section = nil }
            guard mayAnswer(now, &actions) else { return }
            reset(violation.streamID, code, as: .reset, now, &actions)
        case .connection:
            let sentence = "the \(role.opposite.rawValue) violated HTTP/2 (\(violation.rule.reference))"
            fail(code, "\(sentence): \(violation.detail)", now, &actions)
        }
    }

    private static let keptViolations = 64
}

extension HTTP2Rule {
    /// Whether nothing that follows can be read or sent with certainty.
    fileprivate var leavesNothing: Bool {
        self == .fieldBlockInvalid || self == .windowOverflow || self == .prefaceMissing
    }
}

extension HTTP2FieldSection {
    /// The field lines as a machine receives them.
    fileprivate var linkFields: [LinkField] {
        fields.map { LinkField(String(decoding: $0.name, as: UTF8.self), String(decoding: $0.value, as: UTF8.self)) }
    }
}
