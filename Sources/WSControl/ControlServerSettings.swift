package import WSHTTP2Link
import WSLink
package import WSRunner
package import WSScenario
package import WSTranscript

/// The settings of a ``ControlServer``.
package struct ControlServerSettings: Sendable {
    /// The name of the program, as the page shows it.
    package var tool = "wsconform"
    /// Its version.
    package var version: String
    /// The cases.
    package var plan: ClientPlan
    /// How connections are assigned to cases.
    package var admission: ClientRun.Admission
    /// The settings that all conversations share.
    package var conversation: ConversationSettings
    /// How HTTP/2 is spoken with clients that begin with its preface; nil where it is not.
    package var http2: HTTP2LinkSettings?
    /// The name of clients that give none; nil refuses them.
    package var defaultAgent: String?
    /// Whether one driver command is started that asks for cases itself.
    package var isDriven: Bool
    /// Origins besides our own whose pages may control the run.
    package var allowedOrigins: [String]
    /// Our host and port for clients that should come over IPv6; nil if IPv6 is not available.
    package var authorityOfIPv6: String?
    /// Our host and port for cases with a port of their own, by the ids of the cases.
    package var ownAuthorities: [String: String]
    /// A secret that our own page sends with requests that change something, so that no other page can.
    package var token: String
    /// Creates the store for the large runs of octets of a connection.
    package var makeSidecar: @Sendable (ClientRun.Play) -> (any SidecarStore)?
    /// Gives the milliseconds since 1970-01-01.
    package var wallClock: @Sendable () -> Int64

    /// Creates settings.
    package init(
        version: String,
        plan: ClientPlan,
        admission: ClientRun.Admission = .any,
        conversation: ConversationSettings,
        defaultAgent: String? = nil,
        isDriven: Bool = false,
        allowedOrigins: [String] = [],
        authorityOfIPv6: String? = nil,
        ownAuthorities: [String: String] = [:],
        token: String = Self.freshToken(),
        makeSidecar: @escaping @Sendable (ClientRun.Play) -> (any SidecarStore)? = { _ in nil },
        wallClock: @escaping @Sendable () -> Int64 = { 0 }
    ) {
        self.version = version
        self.plan = plan
        self.admission = admission
        self.conversation = conversation
        self.defaultAgent = defaultAgent
        self.isDriven = isDriven
        self.allowedOrigins = allowedOrigins
        self.authorityOfIPv6 = authorityOfIPv6
        self.ownAuthorities = ownAuthorities
        self.token = token
        self.makeSidecar = makeSidecar
        self.wallClock = wallClock
    }

    /// A new secret that cannot be guessed.
    package static func freshToken() -> String {
        var system = SystemRandomNumberGenerator()
        return (0..<2).map { _ in String(system.next() as UInt64, radix: 36) }.joined()
    }

    /// The settings of a conversation, with the address that the connection came to; nil for our usual one.
    func conversation(at authority: String?) -> ConversationSettings {
        var conversation = conversation
        if let authority, let target = try? TargetURL("\(scheme)://\(authority)") { conversation.target = target }
        return conversation
    }

    /// Our host and port for a case that has other ones than the rest; nil for the usual ones.
    package func authority(of scenario: Scenario) -> String? {
        scenario.driver.action == .openOverIPv6 ? authorityOfIPv6 : ownAuthorities[scenario.id]
    }

    /// The scheme of the addresses for clients.
    var scheme: String { conversation.target.scheme }

    /// How long a request head may take, counted from the connection.
    var headLimit: LinkDuration { conversation.idleTimeout }

    /// How long a connection waits for the result of a case, or for the reports.
    ///
    /// A conversation that does everything late takes six idle timeouts; then it has to be judged.
    var waitLimit: LinkDuration { LinkDuration(nanoseconds: 8 * conversation.idleTimeout.nanoseconds) }
}
