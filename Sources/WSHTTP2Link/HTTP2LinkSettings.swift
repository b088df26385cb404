package import WSHTTP2
package import WSLink

/// What an ``HTTP2Link`` says and asks for when a connection begins.
package struct HTTP2LinkSettings: Sendable {
    /// The settings of the first SETTINGS frame, in their order.
    package var settings: [HTTP2Setting]
    /// How many octets of DATA the other endpoint may have under way on the connection.
    package var connectionWindow: UInt32
    /// How long the other endpoint may take until its SETTINGS have come.
    package var settingsLimit: LinkDuration
    /// How long a stream, or the connection, may take to end after we have ended it.
    package var lingeringLimit = LinkDuration.seconds(1)
    /// How long the other endpoint may take to answer the PING with which it is asked at the end whether it lives.
    package var farewellLimit = LinkDuration.seconds(5)
    /// How long a client may keep the connection without a stream.
    package var idleLimit = LinkDuration.seconds(30)
    /// Whether violations end the stream or the connection as RFC 9113 wants it; otherwise only those do that leave
    /// nothing to go on with.
    package var isStrict: Bool
    /// Whether a server's machines are told what moves on the connection, because they keep a record of it.
    package var tellsMachines = false
    /// Settings that a server sends in a second SETTINGS frame, and how long after the first.
    package var lateSettings: (settings: [HTTP2Setting], delay: LinkDuration)?
    /// The rules that an end is made to break.
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

    /// The settings of a server that tests clients: it goes on as long as it can, and its machines keep records.
    ///
    /// - Parameters:
    ///   - settingsLimit: How long the client's SETTINGS may take.
    ///   - others: Settings that its first SETTINGS frame has in place of the usual ones.
    ///   - leftOut: The usual settings that this frame does not have.
    /// - Returns: The settings.
    package static func server(
        testing settingsLimit: LinkDuration,
        _ others: [HTTP2Setting] = [],
        without leftOut: [HTTP2Setting.Identifier] = []
    ) -> Self {
        var settings = server(settingsLimit: settingsLimit)
        settings.settings.removeAll { leftOut.contains($0.identifier) }
        settings.isStrict = false
        settings.tellsMachines = true
        settings.farewellLimit = settingsLimit
        settings.add(others)
        return settings
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
