package import Synchronization
import WSControl
import WSHTTP2Link
package import WSLink
package import WSModelPeer
import WSProtocol
package import WSRunner
package import WSScenario

/// Plays scenarios with the model client on a stream of HTTP/2, in memory.
package enum StreamOfClient {
    /// Plays one, with a client of these defects.
    ///
    /// - Returns: The conversation; nil if the client opened no stream, or takes no such address.
    package static func play(
        _ scenario: Scenario,
        defects: Set<ModelDefect> = [],
        clientDefects: Set<ClientDefect> = [],
        chunkLength: Int = 65_536
    ) throws -> ConversationMachine? {
        var settings = ConversationSettings(role: .server, target: try TargetURL("ws://127.0.0.1:9001"))
        settings.isOnStream = true
        let machine = ConversationMachine(scenario: scenario, settings: settings)
        guard
            var client = ModelClientSettings(playing: scenario, defects: defects, clientDefects: clientDefects)
        else { return nil }
        client.isOnStream = true
        let kept = KeptConversation.Box()
        var link = InMemoryLink(
            client: HTTP2Link(client: [ModelClient(client)], .client(client)),
            server: HTTP2Link(.server(testing: .seconds(5), scenario.stream)) { _ in
                KeptConversation(machine, kept)
            },
            chunkLength: chunkLength
        )
        link.run()
        return kept.all.withLock { $0.first }
    }
}

/// A conversation on a stream of a server, which nobody gets back from its connection.
package struct KeptConversation: LinkMachine {
    /// Where conversations are kept once nothing can follow.
    package final class Box: Sendable {
        /// They, in the order in which they ended.
        package let all = Mutex<[ConversationMachine]>([])

        /// Creates an empty box.
        package init() {}
    }

    private var machine: ConversationMachine
    private let box: Box
    private var hasEnded = false
    private var hasLeft = false

    /// Creates a machine that keeps a conversation in a box.
    package init(_ machine: ConversationMachine, _ box: Box) {
        (self.machine, self.box) = (machine, box)
    }

    package var carrierWish: LinkCarrierWish { machine.carrierWish }

    package mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        machine.linkConnected(at: now, actions: &actions)
    }

    package mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        machine.linkReceived(bytes, at: now, actions: &actions)
    }

    package mutating func linkReceivedFields(
        _ fields: [LinkField],
        ends: Bool,
        at now: LinkInstant,
        actions: inout [LinkAction]
    ) {
        machine.linkReceivedFields(fields, ends: ends, at: now, actions: &actions)
    }

    package mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        machine.linkWritable(at: now, actions: &actions)
    }

    package mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        machine.linkTimerFired(timer, at: now, actions: &actions)
    }

    package mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {
        machine.linkProbesAnswered(at: now, actions: &actions)
    }

    package mutating func linkCarrierAnswered(at now: LinkInstant, actions: inout [LinkAction]) {
        machine.linkCarrierAnswered(at: now, actions: &actions)
    }

    package mutating func linkCarrier(_ event: LinkCarrierEvent, at now: LinkInstant) {
        machine.linkCarrier(event, at: now)
        switch event {
        case .ended, .left: hasLeft = true
        case .sent, .received, .stream, .settled: break
        }
        keep()
    }

    package mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        machine.linkEnded(end, at: now)
        hasEnded = true
        keep()
    }

    private func keep() {
        guard hasEnded, hasLeft else { return }
        box.all.withLock { $0.append(machine) }
    }
}
