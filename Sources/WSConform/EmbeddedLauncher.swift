import WSHTTP2Link
package import WSLink
import WSModelPeer
import WSRunFolder
import WSRunner
import WSScenario
import WSTranscript
import WSTransport

/// How the model client speaks TLS in a run against itself; what is not usual is a defect.
package struct EmbeddedClientTLS: Sendable, Hashable {
    /// Whether it takes any certificate.
    package var trustsAnything = false
    /// What it does otherwise than usual.
    package var wish = LinkSecurityWish.usual

    /// Creates the usual way.
    package init() {}
}

/// Defects of the model client in a run against itself.
package struct EmbeddedClientDefects: Sendable, Hashable {
    /// Those that servers can have, too.
    var shared: Set<ModelDefect> = []
    /// Those of clients alone.
    var own: Set<ClientDefect> = []
    /// Their names, as they were given.
    package let names: [String]

    /// The defects with these names; nil where one of them is none of a client.
    package init?(_ names: [String] = []) {
        self.names = names
        for name in names {
            // Some names stand for a defect of servers and for one of clients.
            if let defect = ClientDefect(rawValue: name) {
                own.insert(defect)
            } else if let defect = ModelDefect(rawValue: name), defect.showsInClients {
                shared.insert(defect)
            } else {
                return nil
            }
        }
    }

    /// The name of each defect, and one sentence that says what a client with it does.
    package static let all: [(name: String, summary: String)] =
        ClientDefect.allCases.map { ($0.rawValue, $0.summary) }
        + ModelDefect.allCases.filter(\.showsInClients).map { ($0.rawValue, $0.summary) }
}

/// Runs the model client in this process over a real connection, as if a command had been started.
struct EmbeddedLauncher: ClientLauncher {
    /// How the client speaks TLS.
    var tls = EmbeddedClientTLS()
    /// What the client does wrong; nil for nothing.
    var defects: EmbeddedClientDefects?
    /// Whether it speaks HTTP/2.
    var isHTTP2 = false

    var name: String { "the model client" }

    var namesAddress: Bool { true }

    func start(_ task: ClientTask) async throws -> any LaunchedClient {
        let url: TargetURL
        do {
            url = try TargetURL(task.base)
        } catch {
            throw RunTrouble("the model client takes no such address: \(error.description)")
        }
        var settings = ModelClientSettings(
            host: url.hostField,
            version: ToolIdentity.version,
            subprotocols: task.scenario?.driver.subprotocols ?? [],
            maximumMessageLength: EmbeddedPeer.largestMessage,
            defects: defects?.shared ?? [],
            clientDefects: defects?.own ?? []
        )
        // The model client knows only hosts; how it connects is the dialer's business.
        let isUnix = task.served.endpoint.socketPath != nil
        let address = isUnix ? "ws://\(url.hostField)\(task.url.dropFirst(task.base.count))" : task.url
        // If the client rejects the address, it does not connect.
        guard settings.take(address: address) else { return EmbeddedClient(conversation: Task {}) }
        switch task.scenario?.driver.action {
        case .sendText(let text): settings.action = .sendText(Array(text.utf8))
        case .sendBinary(let octets): settings.action = .sendBinary(octets)
        case .close(let code, let reason): settings.action = .close(code: code, reason: Array(reason.utf8))
        // The address already contains these actions.
        case .open, .openWithoutPath, .openAs, .openOverIPv6, .openSecured, .openOverHTTP2, nil: break
        }
        var tls = TargetTLS()
        tls.authorities = task.served.authorities
        // A certificate that the user gave is for somebody else to verify.
        tls.trustsAnything = self.tls.trustsAnything || task.served.authorities == nil
        settings.isOnStream = isHTTP2
        let sockets = Sockets.dialer(
            to: url.endpoint,
            connectTimeout: .seconds(10),
            security: try tls.security(for: url)?.adjusted(to: self.tls.wish)
        )
        let dialer: any Dialer =
            isHTTP2 ? HTTP2Dialer(over: sockets, .client(settings)) : sockets
        let client = ModelClient(settings)
        return EmbeddedClient(
            conversation: Task { _ = await dialer.run(client, probe: { _ in client }) }
        )
    }
}

private struct EmbeddedClient: LaunchedClient {
    let conversation: Task<Void, Never>

    /// Waits for the end of its connection, which the client's own timers limit.
    func ending(within limit: Duration) async -> TargetEnding? {
        await conversation.value
        return conversation.isCancelled ? nil : .exited(0)
    }

    func sanitizerReport() async -> String? { nil }

    func lastWords() async -> String { "" }

    func end() async {
        conversation.cancel()
        await conversation.value
    }
}
