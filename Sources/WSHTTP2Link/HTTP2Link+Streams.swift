import WSHTTP2
import WSLink

/// The machines on the streams: what they receive, and what they ask for.
extension HTTP2Link {
    // MARK: - Beginning

    /// Opens streams for a client's machines, as many as the server takes at a time.
    mutating func beginStreams(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard role == .client, hasSettings, stage == .open, !waiting.isEmpty else { return }
        guard observer.settings(.received).enableConnectProtocol == 1 || has(.needsNoSetting) else {
            let line =
                "the server speaks HTTP/2, but takes no WebSocket over it: its SETTINGS lack"
                + " ENABLE_CONNECT_PROTOCOL = 1 (RFC 8441 section 3)"
            return fail(line, now, &actions)
        }
        var limit = observer.settings(.received).maxConcurrentStreams.map { Int($0) } ?? .max
        if let (most, make) = wish.atLimit.take(), limit <= most {
            let first = waiting.count
            waiting.insert(contentsOf: (0..<limit).reversed().map { (first + $0, make()) }, at: 0)
            isOverLimit = true
        }
        if isOverLimit { limit += 1 }
        while stage == .open, observer.activeStreams(openedBy: .sent) < limit, let (place, machine) = waiting.popLast()
        {
            let id = nextStreamID
            nextStreamID += 2
            places[id] = place
            streams[id] = HTTP2LinkStream(id: id, machine: machine)
            tellBeginning(of: id)
            begin(id, now, &actions)
        }
    }

    /// Connects the machine of a new stream.
    mutating func begin(_ id: UInt32, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        liveMachines += 1
        if let security { streams[id]?.machine.linkSecured(security, at: now) }
        deliver(to: id, now, &actions) { $0.linkConnected(at: now, actions: &$1) }
    }

    // MARK: - Events

    /// Hands an event to the machine of a stream, and does what it asks for.
    mutating func deliver(
        to id: UInt32,
        _ now: LinkInstant,
        _ actions: inout [LinkAction],
        _ event: (inout any LinkMachine, inout [LinkAction]) -> Void
    ) {
        guard let index = streams.index(forKey: id), !streams.values[index].hasEnded else { return }
        var inner: [LinkAction] = []
        event(&streams.values[index].machine, &inner)
        carryOut(inner, of: id, now, &actions)
    }

    mutating func streamTimerFired(
        _ id: UInt32,
        _ timer: LinkTimer,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        let inner = LinkTimer(number: timer.number & 0xFF)
        if inner == Timer.afterwards {
            leave(id)
        } else if inner == Timer.stream {
            reset(id, .cancel, as: .closedHere, now, &actions)
        } else if streams[id]?.timers.remove(inner) != nil {
            deliver(to: id, now, &actions) { $0.linkTimerFired(inner, at: now, actions: &$1) }
        }
        finishIfDone(now, &actions)
    }

    // MARK: - Actions

    /// Does what the machine of a stream asks for.
    mutating func carryOut(
        _ inner: [LinkAction],
        of id: UInt32,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        for action in inner {
            guard streams[id]?.hasEnded == false else { return }
            switch action {
            case .sendFields(let fields, let ends): send(fields, ends: ends, on: id, now, &actions)
            case .writeToCarrier(let octets): writeAsIs(octets, for: id, now, &actions)
            case .pingCarrier: ping(for: id, &actions)
            case .write(let octets):
                streams[id]?.queue.append(octets)
                pump(id, now, &actions)
            case .writePieces(let octets, let size):
                streams[id]?.queue.append(octets, pieces: max(1, size))
                pump(id, now, &actions)
            case .notifyWhenWritten:
                streams[id]?.wantsNotice = true
                noticeIfSent(id, &actions)
            case .setTimer(let timer, let moment):
                streams[id]?.timers.insert(timer)
                actions.append(.setTimer(Self.timer(timer, of: id), at: moment))
            case .cancelTimer(let timer):
                guard streams[id]?.timers.remove(timer) != nil else { continue }
                actions.append(.cancelTimer(Self.timer(timer, of: id)))
            case .probe(let roundTrips, let limit):
                streams[id]?.awaitsProbe = true
                actions.append(.probe(roundTrips: roundTrips, limit: limit))
            case .pauseReading: if streams[id]?.held == nil { streams[id]?.held = [] }
            case .resumeReading: resume(id, now, &actions)
            case .closeOutput:
                // Without a response there is nothing that END_STREAM could follow.
                guard canSend(on: id) || streams[id]?.hasEndedOutput == true else {
                    return reset(id, .cancel, as: .closedHere, now, &actions)
                }
                let ends = !has(.neverEndsStreams)
                streams[id]?.endsBehindQueue = ends
                pump(id, now, &actions)
            case .close: closeStream(id, now, &actions)
            case .reset: reset(id, .cancel, as: .closedHere, now, &actions)
            }
        }
    }

    /// The timer below that stands for one of a stream's.
    static func timer(_ timer: LinkTimer, of id: UInt32) -> LinkTimer {
        LinkTimer(number: Int(id) << 8 | timer.number & 0xFF)
    }

    private mutating func resume(_ id: UInt32, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard let held = streams[id]?.held else { return }
        streams[id]?.held = nil
        if !held.isEmpty {
            deliver(to: id, now, &actions) { $0.linkReceived(held.span, at: now, actions: &$1) }
        }
        // The machine may have paused again.
        guard streams[id]?.held == nil else { return }
        if let end = streams[id]?.heldEnd.take() { finish(id, as: end, now, &actions) }
        giveCredit(&actions)
        forgetIfClosed(id, &actions)
    }

    // MARK: - Sending

    /// Hands frames to the link below as one write.
    mutating func write(_ octets: [UInt8], _ actions: inout [LinkAction]) {
        var position = 0
        while observer.next(in: octets.span, at: &position, .sent) != nil {}
        tellSent(octets)
        actions.append(.write(octets))
    }

    private mutating func send(
        _ fields: [LinkField],
        ends: Bool,
        on id: UInt32,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        guard streams[id]?.hasEndedOutput == false else { return }
        var instructions: [HPACKInstruction] = []
        let tableSize = min(4_096, Int(observer.settingsInForce(.sent).headerTableSize))
        if tableSize != encoder.table.capacity { instructions.append(.sizeUpdate(tableSize)) }
        for field in fields {
            let line = FieldLine(field.name, field.value)
            // Secrets stay out of tables (RFC 7541 section 7.1.3).
            let isSecret = ["authorization", "cookie", "proxy-authorization"].contains(field.name)
            instructions.append(isSecret ? .neverIndexed(line) : .field(line))
        }
        var octets: [UInt8] = []
        let longest = Int(observer.settingsInForce(.sent).maxFrameSize)
        let block = encoder.encode(instructions)
        for frame in HTTP2Frame.fieldBlock(block, on: id, endStream: ends, fragmentLength: longest) {
            frame.encode(into: &octets)
        }
        write(octets, &actions)
        if ends { outputEnded(id, now, &actions) }
        pump(id, now, &actions)
    }

    /// Sends what the windows of every stream allow.
    mutating func pumpAll(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        for id in streams.keys.sorted() { pump(id, now, &actions) }
    }

    /// Sends as much of a stream's octets as its windows allow, each write of the machine as one write.
    mutating func pump(_ id: UInt32, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard stage == .open, streams[id]?.hasEndedOutput == false, canSend(on: id) else { return }
        let longest = Int(observer.settingsInForce(.sent).maxFrameSize)
        var octets: [UInt8] = []
        var left = has(.exceedsWindows) ? .max : observer.flowControl(.sent).available(on: id)
        while let (piece, endsWrite) = streams[id]?.queue.next(atMost: min(left, longest)) {
            left -= piece.count
            HTTP2FrameHeader(length: UInt32(piece.count), type: .data, streamID: id).encode(into: &octets)
            octets += piece
            guard endsWrite else { continue }
            write(octets, &actions)
            octets = []
        }
        if !octets.isEmpty { write(octets, &actions) }
        noticeIfSent(id, &actions)
        guard streams[id]?.queue.isEmpty == true, streams[id]?.endsBehindQueue == true else { return }
        write(HTTP2Frame.data([], on: id, endStream: true).encoded, &actions)
        outputEnded(id, now, &actions)
        forgetIfClosed(id, &actions)
    }

    /// Notes that END_STREAM is out, with which the link of a machine ends whose client awaited nothing but the answer.
    private mutating func outputEnded(_ id: UInt32, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        streams[id]?.hasEndedOutput = true
        guard streams[id]?.endsWithOutput == true else { return }
        endMachine(of: id, with: .finished, now, &actions)
    }

    /// Whether the header section of our side is out, which comes before DATA.
    private func canSend(on id: UInt32) -> Bool {
        switch observer.state(of: id) {
        case .open, .halfClosedRemote: role == .client || observer.hasResponse(on: id)
        default: false
        }
    }

    private mutating func noticeIfSent(_ id: UInt32, _ actions: inout [LinkAction]) {
        guard streams[id]?.wantsNotice == true, streams[id]?.queue.isEmpty == true else { return }
        streams[id]?.wantsNotice = false
        streams[id]?.awaitsNotice = true
        actions.append(.notifyWhenWritten)
    }

    /// Gives back to the windows what was read, half a window at a time.
    mutating func giveCredit(_ actions: inout [LinkAction]) {
        var octets: [UInt8] = []
        if owedCredit >= Int(max(65_535, settings.connectionWindow)) / 2 {
            HTTP2Frame.windowUpdate(UInt32(owedCredit)).encode(into: &octets)
            owedCredit = 0
        }
        let threshold = max(1, Int(settings.streamWindow) / 2)
        for id in creditDue.sorted() {
            guard let owed = streams[id]?.owedCredit else {
                creditDue.remove(id)
                continue
            }
            // What a machine does not read keeps the window closed.
            guard owed >= threshold, streams[id]?.held == nil, givesCredit(of: id) else { continue }
            creditDue.remove(id)
            streams[id]?.owedCredit = 0
            // Who has sent END_STREAM needs no window.
            guard observer.flowControl(.received)[id] != nil else { continue }
            HTTP2Frame.windowUpdate(UInt32(owed), on: id).encode(into: &octets)
        }
        if !octets.isEmpty { write(octets, &actions) }
    }
}
