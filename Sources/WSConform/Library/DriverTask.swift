import WSScenario

/// What a client has to do for one case.
public struct DriverTask: Sendable, Hashable {
    /// Something that the application of a client does of its own accord, once the connection is open.
    public enum Action: Sendable, Hashable {
        /// Send a text message.
        case sendText(String)
        /// Send a binary message.
        case sendBinary([UInt8])
        /// Start the closing handshake (RFC 6455, section 7.1.2); without a code if that is nil.
        case close(code: UInt16?, reason: String)
    }

    /// The address to connect to.
    public let url: String
    /// The same without a query, for clients that drop it.
    public let plainURL: String
    /// The id of the case.
    public let caseID: String
    /// The subprotocols to offer, in order; empty for a request without that field.
    public let subprotocols: [String]
    /// What else to do; nil to connect and to echo.
    public let action: Action?
    /// The path of a PEM file with the authority to trust; nil without TLS.
    public let authorities: String?

    init(_ task: ClientTask) {
        url = task.url
        plainURL = task.plainURL ?? task.url
        caseID = task.scenario?.id ?? ""
        subprotocols = task.scenario?.driver.subprotocols ?? []
        authorities = task.served.authorities
        action =
            switch task.scenario?.driver.action {
            case .sendText(let text): .sendText(text)
            case .sendBinary(let octets): .sendBinary(octets)
            case .close(let code, let reason): .close(code: code, reason: reason)
            // The address contains these.
            case .open, .openWithoutPath, .openAs, .openOverIPv6, .openSecured, .openOverHTTP2, nil: nil
            }
    }
}

/// A closure that is equal to itself alone.
final class DriverClosure: Sendable, Hashable {
    let play: @Sendable (DriverTask) async throws -> Void
    /// Whether it does what single cases ask for, besides connecting and echoing.
    let performsActions: Bool

    init(performsActions: Bool, _ play: @escaping @Sendable (DriverTask) async throws -> Void) {
        self.performsActions = performsActions
        self.play = play
    }

    static func == (left: DriverClosure, right: DriverClosure) -> Bool { left === right }

    func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}
