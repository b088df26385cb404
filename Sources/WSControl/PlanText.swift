import WSRunner
package import WSScenario

/// What the page is told of the cases: the JSON of `/api/plan`.
struct PlanText: Encodable {
    private let tool: Tool
    private let token: String
    private let cases: [Entry]

    init(_ settings: ControlServerSettings) {
        tool = Tool(name: settings.tool, version: settings.version)
        token = settings.token
        cases = settings.plan.scenarios.enumerated().map { number, scenario in
            Entry(number: number + 1, scenario, overIPv6: settings.authorityOfIPv6)
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

        init(number: Int, _ scenario: Scenario, overIPv6: String?) {
            self.number = number
            id = scenario.id
            title = scenario.title
            topic = scenario.topic
            needs = scenario.needs.rawValue
            accepts = scenario.acceptsHandshake
            subprotocols = scenario.driver.subprotocols
            connections = scenario.driver.connections
            action = scenario.driver.action.map { action in
                ActionText(action, path: "/runCase", query: "case=\(number)&agent={agent}", overIPv6: overIPv6)
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
            // Present even where there is none.
            try container.encode(action, forKey: .action)
        }
    }
}

/// What a driver has to do, as the page and commands are told: exactly one of the members.
package struct ActionText: Encodable, Sendable, Hashable {
    /// Open this address, in which `{host}` stands for our host and port and `{agent}` for the client's name.
    package var open: String?
    /// Send this text.
    package var send: String?
    /// Send these octets, given in hexadecimal digits.
    package var sendBinary: String?
    /// Start the closing handshake.
    package var close: Close?

    /// How to start the closing handshake.
    package struct Close: Encodable, Sendable, Hashable {
        /// The code; none where that is nil.
        package var code: UInt16?
        /// The reason.
        package var reason: String
    }

    /// What stands for our host and port.
    private static let host = "{host}"

    /// Takes over an action for somebody who makes the address of a case himself.
    package init(_ action: ClientAction, path: String, query: String, overIPv6: String? = nil) {
        self.init(action)
        guard action.isAddress else { return }
        let authority = action == .openOverIPv6 ? overIPv6 : nil
        open = ClientAction.address(authority: authority ?? Self.host, path: path, query: query, for: action)
    }

    /// Takes over an action for somebody who is given the address, in which everything is that concerns addresses.
    package init(_ action: ClientAction) {
        switch action {
        case .open, .openWithoutPath, .openAs, .openOverIPv6: break
        case .sendText(let text): send = text
        case .sendBinary(let octets): sendBinary = Self.hex(octets)
        case .close(let code, let reason): close = Close(code: code, reason: reason)
        }
    }

    /// The JSON, as it stands in `WSCONFORM_ACTION`; empty where nothing is left to do.
    package var json: String {
        self == ActionText() ? "" : String(decoding: ControlJSON.text(self), as: UTF8.self)
    }

    private init() {}

    private static func hex(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
