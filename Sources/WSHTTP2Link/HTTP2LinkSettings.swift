package import WSHTTP2
package import WSLink

/// What an ``HTTP2Link`` says and asks for when a connection begins.
package struct HTTP2LinkSettings: Sendable, Hashable {
    /// The settings of the first SETTINGS frame, in their order.
    package var settings: [HTTP2Setting]
    /// How many octets of DATA the other endpoint may have under way on the connection.
    package var connectionWindow: UInt32
    /// How long the other endpoint may take until its SETTINGS have come.
    package var settingsLimit: LinkDuration
    /// How long a stream, or the connection, may take to end after we have ended it.
    package var lingeringLimit = LinkDuration.seconds(1)
    /// How long the other endpoint may take to answer the PING with which a client asks at the end whether it lives.
    package var farewellLimit = LinkDuration.seconds(5)
    /// How long a client may keep the connection without a stream.
    package var idleLimit = LinkDuration.seconds(30)
    /// Whether violations end the stream or the connection as RFC 9113 wants it; otherwise only those do that leave
    /// nothing to go on with.
    package var isStrict: Bool
    /// The rules that a server is made to break.
    package var flaws: Set<HTTP2LinkFlaw> = []

    /// Creates settings.
    package init(
        settings: [HTTP2Setting],
        connectionWindow: UInt32 = 4 << 20,
        settingsLimit: LinkDuration,
        isStrict: Bool
    ) {
        self.settings = settings
        self.connectionWindow = connectionWindow
        self.settingsLimit = settingsLimit
        self.isStrict = isStrict
    }

    /// The settings of a client that tests a server: it takes no pushed streams, and goes on as long as it can.
    package static func client(settingsLimit: LinkDuration) -> Self {
        var settings = Self(
            settings: [HTTP2Setting(.enablePush, 0), HTTP2Setting(.initialWindowSize, usualWindow)],
            settingsLimit: settingsLimit,
            isStrict: false
        )
        settings.farewellLimit = settingsLimit
        return settings
    }

    /// The settings of a server that takes Extended CONNECT, and keeps to the rules.
    package static func server(settingsLimit: LinkDuration = .seconds(10)) -> Self {
        Self(
            settings: [
                HTTP2Setting(.maxConcurrentStreams, 128), HTTP2Setting(.initialWindowSize, usualWindow),
                HTTP2Setting(.enableConnectProtocol, 1),
            ],
            settingsLimit: settingsLimit,
            isStrict: true
        )
    }

    /// The window of a stream.
    private static let usualWindow: UInt32 = 1 << 20

    /// Adds settings, in place of those with the same identifiers.
    mutating func add(_ others: [HTTP2Setting]) {
        settings.removeAll { setting in others.contains { $0.identifier == setting.identifier } }
        settings += others
    }

    /// How many streams a client may have open.
    var mostStreams: Int {
        settings.last { $0.identifier == .maxConcurrentStreams }.map { Int($0.value) } ?? .max
    }

    /// The largest size that the settings give a stream's window when it opens.
    var streamWindow: UInt32 {
        settings.last { $0.identifier == .initialWindowSize }?.value ?? 65_535
    }
}
