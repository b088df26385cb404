import WSLink
package import WSRunner
package import WSTranscript

/// What a ``ControlServer`` is made to be.
package struct ControlServerSettings: Sendable {
    /// The name of the program, as the page shows it.
    package var tool = "wsconform"
    /// Its version.
    package var version: String
    /// The cases.
    package var plan: ClientPlan
    /// How connections are matched with cases.
    package var admission: ClientRun.Admission
    /// What all conversations share.
    package var conversation: ConversationSettings
    /// The name of clients that give none; nil turns them away.
    package var defaultAgent: String?
    /// Whether a command is started once, which is to ask for cases itself.
    package var isDriven: Bool
    /// Origins besides our own whose pages may drive us.
    package var allowedOrigins: [String]
    /// Our host and port for clients that are to come over IPv6; nil where there is no way.
    package var authorityOfIPv6: String?
    /// The word that our own page gives back where it changes something, so that no other page can.
    package var token: String
    /// Makes the store for the large octet runs of a connection.
    package var makeSidecar: @Sendable (ClientRun.Play) -> (any SidecarStore)?
    /// Gives milliseconds since 1970-01-01.
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
        self.token = token
        self.makeSidecar = makeSidecar
        self.wallClock = wallClock
    }

    /// A word that nobody guesses.
    package static func freshToken() -> String {
        var system = SystemRandomNumberGenerator()
        return (0..<2).map { _ in String(system.next() as UInt64, radix: 36) }.joined()
    }

    /// What the conversation of a connection shares with all others: our address is the one that it came to.
    func conversation(overIPv6: Bool) -> ConversationSettings {
        var conversation = conversation
        if overIPv6, let authorityOfIPv6, let target = try? TargetURL("ws://\(authorityOfIPv6)") {
            conversation.target = target
        }
        return conversation
    }

    /// How long a request head may take from its connection on.
    var headLimit: LinkDuration { conversation.idleTimeout }

    /// How long somebody waits for what comes of a case, or for the reports.
    ///
    /// A conversation that does everything late lasts six times the time of silence; then somebody has to judge it.
    var waitLimit: LinkDuration { LinkDuration(nanoseconds: 8 * conversation.idleTimeout.nanoseconds) }
}
