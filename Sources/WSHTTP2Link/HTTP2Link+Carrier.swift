import WSHTTP2
import WSLink

/// The connection itself, as far as the machines on its streams have to do with it.
extension HTTP2Link {
    /// Tells the machines that keep a record what moves on the connection.
    mutating func tell(_ event: LinkCarrierEvent) {
        guard isTelling else { return }
        history?.add(event)
        for index in waiting.indices { waiting[index].machine.linkCarrier(event, at: clock) }
        for index in streams.values.indices
        where !streams.values[index].hasEnded && (streams.values[index].isTold || event.isEnd) {
            streams.values[index].machine.linkCarrier(event, at: clock)
        }
        for place in ended.keys where !untold.contains(place) || event.isEnd {
            ended[place]?.linkCarrier(event, at: clock)
        }
        if history?.isTooLarge == true { history = nil }
    }

    /// Whether machines keep a record of the connection; those of a server do where they test clients.
    private var isTelling: Bool { role == .client || settings.tellsMachines }

    /// Tells them what the network takes.
    mutating func tellSent(_ octets: [UInt8]) {
        guard isTelling else { return }
        tell(.sent(cuts.sent.parts(of: octets.span)))
    }

    /// Tells them what has come.
    mutating func tellReceived(_ bytes: Span<UInt8>) {
        guard isTelling, stage != .dialling else { return }
        tell(.received(cuts.received.parts(of: bytes)))
    }

    /// Tells the machine of a stream which one it is, and a server's what was on the connection before it.
    mutating func tellBeginning(of id: UInt32) {
        guard isTelling, let index = streams.index(forKey: id) else { return }
        streams.values[index].machine.linkCarrier(.stream(id), at: clock)
        guard role == .server else { return }
        streams.values[index].isTold = history != nil
        for event in history?.events ?? [] { streams.values[index].machine.linkCarrier(event, at: clock) }
    }

    // MARK: - A server's streams that have ended

    /// Whether octets that were read are given back to the window of a stream.
    func givesCredit(of id: UInt32) -> Bool {
        role == .client ? wish.givesCredit : streams[id]?.machine.carrierWish.givesCredit ?? true
    }

    /// Asks behind streams that have ended whether the connection lives, where their machines want it, and leaves the
    /// others alone.
    mutating func leaveEnded(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        while !leaving.isEmpty {
            let id = leaving.removeFirst()
            guard let wish = ended[Int(id)]?.carrierWish, wish.asksAfterwards, stage == .open else {
                leave(id)
                continue
            }
            // The answer to an earlier PING of the machine says nothing of what comes now.
            pings.removeAll { $0.stream == id }
            writeAsIs(wish.afterwards, for: id, now, &actions)
            ping(for: id, &actions)
            actions.append(.setTimer(Self.timer(Timer.afterwards, of: id), at: now + settings.farewellLimit))
        }
    }

    /// Tells a machine whose stream has ended that it hears no more.
    mutating func leave(_ id: UInt32) {
        ended[Int(id)]?.linkCarrier(.left, at: clock)
        ended[Int(id)] = nil
        untold.remove(Int(id))
    }

    // MARK: - Frames of machines

    /// Writes the frames of a machine as they are.
    ///
    /// What they open or end is known to the observer, so that answers to them are no violations.
    mutating func writeAsIs(
        _ octets: [UInt8],
        for id: UInt32,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        guard stage == .open, !octets.isEmpty else { return }
        write(role == .server && id != 1 ? Self.renumbered(octets, for: id) : octets, &actions)
    }

    /// Frames with this stream in place of stream 1.
    private static func renumbered(_ octets: [UInt8], for id: UInt32) -> [UInt8] {
        var octets = octets
        var start = 0
        while start + HTTP2FrameHeader.encodedLength <= octets.count {
            let length = octets[start..<start + 3].reduce(0) { $0 << 8 | Int($1) }
            let stream = start + 5..<start + 9
            if octets[stream].elementsEqual([0, 0, 0, 1]) {
                octets.replaceSubrange(stream, with: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: id >> $0) })
            }
            start += HTTP2FrameHeader.encodedLength + length
        }
        return octets
    }

    /// Sends PING for the machine of a stream.
    mutating func ping(for id: UInt32, _ actions: inout [LinkAction]) {
        guard stage == .open else { return }
        pingCount += 1
        let octets = Self.pingOctets(pingCount, for: id)
        pings.append((octets, id))
        write(HTTP2Frame.ping(octets).encoded, &actions)
    }

    /// Takes an acknowledgment of PING.
    mutating func takePong(_ octets: [UInt8], _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard let place = pings.firstIndex(where: { $0.octets == octets }) else { return }
        let id = pings.remove(at: place).stream
        if role == .server, ended[Int(id)] != nil {
            actions.append(.cancelTimer(Self.timer(Timer.afterwards, of: id)))
            return leave(id)
        }
        guard id == 0 else {
            return deliver(to: id, now, &actions) { $0.linkCarrierAnswered(at: now, actions: &$1) }
        }
        actions.append(.cancelTimer(Timer.farewell))
        guard !wish.afterwards.isEmpty else { return sayFarewell(now, &actions) }
        writeAsIs(wish.afterwards, for: 1, now, &actions)
        wish.afterwards = []
        askWhetherItLives(now, &actions)
    }

    /// Does what a machine wants of the connection behind the links of all, and ends it.
    ///
    /// A PING precedes its frames, so that they are not blamed for what the end of the streams has caused.
    mutating func finishConnection(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard !isFinishing else { return }
        isFinishing = true
        guard wish.asksAfterwards else { return sayFarewell(now, &actions) }
        askWhetherItLives(now, &actions)
    }

    private mutating func askWhetherItLives(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        ping(for: 0, &actions)
        actions.append(.setTimer(Timer.farewell, at: now + settings.farewellLimit))
    }

    /// Ends the connection of a client in the orderly way.
    mutating func sayFarewell(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard stage == .open else { return }
        write(HTTP2Frame.goAway(lastStreamID: 0, .noError).encoded, &actions)
        close(now, &actions)
    }

    /// Eight octets that no other PING of the connection has, with the stream for which it is sent.
    private static func pingOctets(_ number: UInt32, for id: UInt32) -> [UInt8] {
        let octets = UInt64(UInt8(ascii: "p")) << 56 | UInt64(id & 0xFF_FFFF) << 32 | UInt64(number)
        return (0..<8).reversed().map { UInt8(truncatingIfNeeded: octets >> (8 * UInt64($0))) }
    }
}
