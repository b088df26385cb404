import Testing
import WSHTTP2Link
import WSLink

/// What comes on a stream while its machine does not read.
@Suite struct `A stream that is not read` {
    /// Accepts a stream, says a word, and ends the stream in one of three ways.
    private struct Speaker: LinkMachine {
        var ending: [LinkAction]

        mutating func linkReceivedFields(
            _ fields: [LinkField],
            ends: Bool,
            at now: LinkInstant,
            actions: inout [LinkAction]
        ) {
            actions += [.sendFields([LinkField(":status", "200")], ends: false), .write(Array("word".utf8))] + ending
        }

        mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {}
        mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {}
        mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}
        mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}
        mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}
        mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}
    }

    @Test(
        arguments: [
            ([.closeOutput], .finished), ([.closeOutput, .reset], .finished), ([.reset], .reset),
        ] as [([LinkAction], LinkEnd)]
    )
    func `keeps what came, and the first end of it, until it is read again`(ending: [LinkAction], end: LinkEnd) throws {
        let client = StreamClient([]).with { machine in
            machine.pause = .milliseconds(50)
            machine.ending = .never
        }
        var link = InMemoryLink(
            client: HTTP2Link(client: [client], .client(settingsLimit: .seconds(5))),
            server: HTTP2Link { _ in Speaker(ending: ending) }
        )
        link.run()
        let machine = try #require(link.client.machines.first as? StreamClient)
        #expect(machine.received == Array("word".utf8) && machine.receivedWhilePaused == 0)
        #expect(machine.ends == [end])
    }
}
