import WSHTTP2
import WSLink

/// The connection itself, as far as the machines on its streams have to do with it.
extension HTTP2Link {
    /// Tells a client's machines what moves on the connection.
    ///
    /// A server's machines keep no record, so they are told nothing.
    mutating func tell(_ event: LinkCarrierEvent) {
        guard role == .client else { return }
        for index in waiting.indices { waiting[index].machine.linkCarrier(event, at: clock) }
        for index in streams.values.indices where !streams.values[index].hasEnded {
            streams.values[index].machine.linkCarrier(event, at: clock)
        }
        for place in ended.keys { ended[place]?.linkCarrier(event, at: clock) }
    }

    /// Tells a client's machines what the network takes.
    mutating func tellSent(_ octets: [UInt8]) {
        guard role == .client else { return }
        tell(.sent(cuts.sent.parts(of: octets.span)))
    }

    /// Tells a client's machines what has come.
    mutating func tellReceived(_ bytes: Span<UInt8>) {
        guard role == .client, stage != .dialling else { return }
        tell(.received(cuts.received.parts(of: bytes)))
    }

    /// Writes the frames of a machine as they are.
    ///
    /// What they open or end is known to the observer, so that answers to them are no violations.
    mutating func writeAsIs(_ octets: [UInt8], _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard stage == .open, !octets.isEmpty else { return }
        write(octets, &actions)
    }

    /// Sends PING for the machine of a stream.
    mutating func ping(for id: UInt32, _ actions: inout [LinkAction]) {
        guard stage == .open else { return }
        pingCount += 1
        let octets = Self.pingOctets(pingCount)
        pings.append((octets, id))
        write(HTTP2Frame.ping(octets).encoded, &actions)
    }

    /// Takes an acknowledgment of PING.
    mutating func takePong(_ octets: [UInt8], _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard let place = pings.firstIndex(where: { $0.octets == octets }) else { return }
        let id = pings.remove(at: place).stream
        guard id == 0 else {
            return deliver(to: id, now, &actions) { $0.linkCarrierAnswered(at: now, actions: &$1) }
        }
        actions.append(.cancelTimer(Timer.farewell))
        guard !wish.afterwards.isEmpty else { return sayFarewell(now, &actions) }
        writeAsIs(wish.afterwards, now, &actions)
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

    /// Eight octets that no other PING of the connection has.
    private static func pingOctets(_ number: UInt32) -> [UInt8] {
        Array("ping".utf8) + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
