import WSHTTP2
import WSLink

/// How streams and the connection end.
extension HTTP2Link {
    /// Ends the machine of a stream whose other end has sent END_STREAM or RST_STREAM, and our side of the stream.
    mutating func finish(
        _ id: UInt32,
        as end: LinkEnd = .finished,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        endMachine(of: id, with: end, now, &actions)
        endOutput(of: id, now, &actions)
    }

    /// Ends a stream as its machine wants it.
    mutating func closeStream(_ id: UInt32, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        endMachine(of: id, with: .closedHere, now, &actions)
        endOutput(of: id, now, &actions)
        guard streams[id] != nil, !has(.neverEndsStreams) else { return }
        let timer = Self.timer(Timer.stream, of: id)
        actions.append(.setTimer(timer, at: now + settings.lingeringLimit))
    }

    /// Sends END_STREAM behind everything that waits.
    private mutating func endOutput(of id: UInt32, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard streams[id]?.hasEndedOutput == false else { return forgetIfClosed(id, &actions) }
        if has(.neverEndsStreams) { return }
        streams[id]?.held = nil
        streams[id]?.endsBehindQueue = true
        pump(id, now, &actions)
        guard streams[id]?.hasEndedOutput == false else { return }
        // A stream on which nothing was answered, or whose window is closed, cannot be ended in another way.
        reset(id, .cancel, as: .closedHere, now, &actions)
    }

    /// Resets a stream, and ends its machine if it has not ended.
    mutating func reset(
        _ id: UInt32,
        _ code: HTTP2ErrorCode,
        as end: LinkEnd,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        guard stage == .open, id != 0 else { return }
        streams[id]?.queue.forget()
        streams[id]?.hasEndedOutput = true
        switch observer.state(of: id) {
        case .idle, .closed: break
        default: write(HTTP2Frame.resetStream(id, code).encoded, &actions)
        }
        endMachine(of: id, with: end, now, &actions)
        forgetIfClosed(id, &actions)
    }

    /// Tells the machine of a stream, once, that its link has ended.
    mutating func endMachine(of id: UInt32, with end: LinkEnd, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard let index = streams.index(forKey: id), !streams.values[index].hasEnded else { return }
        streams.values[index].hasEnded = true
        liveMachines -= 1
        streams.values[index].held = nil
        for timer in streams.values[index].timers.sorted(by: { $0.number < $1.number }) {
            actions.append(.cancelTimer(Self.timer(timer, of: id)))
        }
        streams.values[index].timers = []
        streams.values[index].machine.linkEnded(end, at: now)
        if role == .server, settings.tellsMachines {
            ended[Int(id)] = streams.values[index].machine
            if !streams.values[index].isTold { untold.insert(Int(id)) }
            leaving.append(id)
        }
        if let place = places.removeValue(forKey: id) { ended[place] = streams.values[index].machine }
    }

    /// Ends the machines that have no stream.
    mutating func endWaiting(with end: LinkEnd, _ now: LinkInstant) {
        while let (place, waited) = waiting.popLast() {
            var machine = waited
            machine.linkEnded(end, at: now)
            ended[place] = machine
        }
    }

    /// Forgets a stream whose machine has ended and which is closed, or which is of no further use.
    mutating func forgetIfClosed(_ id: UInt32, _ actions: inout [LinkAction]) {
        guard streams[id]?.hasEnded == true, observer.state(of: id)?.isClosed ?? true else { return }
        streams[id] = nil
        creditDue.remove(id)
        actions.append(.cancelTimer(Self.timer(Timer.stream, of: id)))
    }

    /// Gives a client without streams a time after which the connection ends.
    mutating func watchIdleness(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard role == .server, stage == .open, streams.isEmpty else { return }
        actions.append(.setTimer(Timer.idle, at: now + settings.idleLimit))
    }

    // MARK: - Connection

    /// Opens what can be opened, and ends a client's connection whose machines have all ended.
    mutating func finishIfDone(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard role == .client else { return leaveEnded(now, &actions) }
        guard stage == .open else { return }
        if observer.goAway(.received) == nil { beginStreams(now, &actions) }
        guard stage == .open, waiting.isEmpty, liveMachines == 0 else { return }
        // What we have ended is left to the other endpoint where the connection is looked at once more.
        for id in streams.keys.sorted() where !(wish.asksAfterwards && streams[id]?.hasEndedOutput == true) {
            reset(id, .cancel, as: .closedHere, now, &actions)
        }
        finishConnection(now, &actions)
    }

    /// Gives the connection up for a reason that is no violation of a frame.
    mutating func fail(_ line: String, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        fail(.noError, line, now, &actions)
    }

    /// Ends the connection with GOAWAY, and all streams with it.
    mutating func fail(_ code: HTTP2ErrorCode, _ line: String, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard stage == .open else { return }
        trouble = line
        let last = role == .server ? observer.highestStreamID(openedBy: .received) : 0
        write(HTTP2Frame.goAway(lastStreamID: last, code).encoded, &actions)
        section = nil
        for id in streams.keys.sorted() {
            // Before anything was answered, there was no connection for the machine.
            let isAnswered = role == .server || observer.isTunnel(id)
            endMachine(of: id, with: isAnswered ? .truncated : .notConnected(line), now, &actions)
        }
        streams = [:]
        endWaiting(with: .notConnected(line), now)
        guard role == .server else { return close(now, &actions) }
        stage = .lingering
        actions.append(.closeOutput)
        actions.append(.setTimer(Timer.lingering, at: now + settings.lingeringLimit))
    }

    /// Closes the link below.
    mutating func close(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard stage != .over else { return }
        stage = .over
        actions.append(.close)
    }
}
