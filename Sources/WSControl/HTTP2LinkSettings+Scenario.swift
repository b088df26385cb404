import WSHTTP2
package import WSHTTP2Link
package import WSLink
package import WSScenario

extension HTTP2LinkSettings {
    /// The settings of a server that tests clients, as a scenario wants them.
    ///
    /// - Parameters:
    ///   - settingsLimit: How long the client's SETTINGS may take.
    ///   - stream: How HTTP/2 is spoken; nil for the usual way.
    /// - Returns: The settings.
    package static func server(testing settingsLimit: LinkDuration, _ stream: StreamToSpeak?) -> Self {
        guard let stream else { return server(testing: settingsLimit) }
        func settings(_ all: [StreamToSpeak.Setting]) -> [HTTP2Setting] {
            all.map { HTTP2Setting(HTTP2Setting.Identifier(rawValue: $0.identifier), $0.value) }
        }
        var link = server(
            testing: settingsLimit,
            settings(stream.settings),
            without: stream.leavesOut.map { HTTP2Setting.Identifier(rawValue: $0) }
        )
        if !stream.lateSettings.isEmpty {
            link.lateSettings = (settings(stream.lateSettings), .milliseconds(Int64(StreamToSpeak.lateness)))
        }
        return link
    }
}
