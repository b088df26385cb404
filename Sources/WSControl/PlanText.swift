import WSRunner
package import WSScenario

/// The description of the cases for the page: the JSON of `/api/plan`.
struct PlanText: Encodable {
    private let tool: Tool
    private let token: String
    private let cases: [Entry]

    init(_ settings: ControlServerSettings) {
        tool = Tool(name: settings.tool, version: settings.version)
        token = settings.token
        cases = settings.plan.scenarios.enumerated().map { number, scenario in
            Entry(number: number + 1, scenario, scheme: settings.scheme, authority: settings.authority(of: scenario))
        }
    }

    private struct Tool: Encodable {
        var name: String
        var version: String
    }

    private struct Entry: Encodable {
        let number: Int
        let id: String
        let title: String
        let topic: String
        let needs: String
        let accepts: Bool
        let subprotocols: [String]
        let connections: Int
        let action: ActionText?

        init(number: Int, _ scenario: Scenario, scheme: String, authority: String?) {
            self.number = number
            id = scenario.id
            title = scenario.title
            topic = scenario.topic
            needs = scenario.needs.rawValue
            accepts = scenario.acceptsHandshake
            subprotocols = scenario.driver.subprotocols
            connections = scenario.driver.connections
            action = scenario.driver.action.map { action in
                ActionText(
                    action,
                    scheme: scheme,
                    path: "/runCase",
                    query: "case=\(number)&agent={agent}",
                    authority: authority
                )
            }
        }

        enum CodingKeys: CodingKey {
            case number, id, title, topic, needs, accepts, subprotocols, connections, action
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(number, forKey: .number)
            try container.encode(id, forKey: .id)
            try container.encode(title, forKey: .title)
            try container.encode(topic, forKey: .topic)
            try container.encode(needs, forKey: .needs)
            try container.encode(accepts, forKey: .accepts)
            try container.encode(subprotocols, forKey: .subprotocols)
            try container.encode(connections, forKey: .connections)
            // The member is there even if it is null.
            try container.encode(action, forKey: .action)
        }
    }
}

/// What a driver has to do, as JSON for the page and for commands; exactly one member is set.
package struct ActionText: Encodable, Sendable, Hashable {
    /// Open this address; `{host}` is a placeholder for our host and port, `{agent}` for the client's name.
    package var open: String?
    /// Send this text.
    package var send: String?
    /// Send these octets, in hexadecimal digits.
    package var sendBinary: String?
    /// Start the closing handshake.
    package var close: Close?

    /// How to start the closing handshake.
    package struct Close: Encodable, Sendable, Hashable {
        /// The code; nil for none.
        package var code: UInt16?
        /// The reason.
        package var reason: String
    }

    /// The placeholder for our host and port.
    private static let host = "{host}"

    /// Creates the text of an action for the page, which makes the addresses of cases itself.
    ///
    /// `authority` is the host and port of the address if they are not our own.
    package init(_ action: ClientAction, scheme: String, path: String, query: String, authority: String? = nil) {
        self.init(action)
        guard action.isAddress else { return }
        open = ClientAction.address(
            base: "\(scheme)://\(authority ?? Self.host)",
            path: path,
            query: query,
            for: action
        )
    }

    /// Creates the text of an action for a command, whose address already contains everything about addresses.
    package init(_ action: ClientAction) {
        switch action {
        case .open, .openWithoutPath, .openAs, .openOverIPv6, .openSecured, .openOverHTTP2: break
        case .sendText(let text): send = text
        case .sendBinary(let octets): sendBinary = Self.hex(octets)
        case .close(let code, let reason): close = Close(code: code, reason: reason)
        }
    }

    /// The JSON for `WSCONFORM_ACTION`; empty if nothing is left to do.
    package var json: String {
        self == ActionText() ? "" : String(decoding: ControlJSON.text(self), as: UTF8.self)
    }

    private init() {}

    private static func hex(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
