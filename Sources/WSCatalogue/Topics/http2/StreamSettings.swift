import WSHTTP2
import WSProtocol
package import WSScenario

extension Catalogue {
    /// What a client makes of a server whose SETTINGS do not take Extended CONNECT (RFC 8441, 3).
    package enum StreamSettings {
        /// A server that does not say that it takes it.
        static let missing = unusable(
            "missing",
            "SETTINGS without ENABLE_CONNECT_PROTOCOL",
            []
        )

        /// A server that says that it does not take it.
        static let zero = unusable("zero", "SETTINGS with ENABLE_CONNECT_PROTOCOL of 0", [setting(0)])

        /// A value that it cannot have.
        static let two = unusable("two", "SETTINGS with ENABLE_CONNECT_PROTOCOL of 2", [setting(2)])

        /// A server that says late that it takes it.
        static let late: Scenario = {
            var scenario = unusable(
                "late",
                "SETTINGS with ENABLE_CONNECT_PROTOCOL of 1 a second behind the first",
                [setting(0)]
            )
            scenario.stream?.lateSettings = [setting(1)]
            return scenario
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] = [missing, zero, two, late]

        private static func setting(_ value: UInt32) -> StreamToSpeak.Setting {
            StreamToSpeak.Setting(HTTP2Setting.Identifier.enableConnectProtocol.rawValue, value)
        }

        private static func unusable(
            _ slug: String,
            _ title: String,
            _ settings: [StreamToSpeak.Setting]
        ) -> Scenario {
            var stream = StreamToSpeak(settings: settings)
            stream.leavesOut = settings.isEmpty ? [HTTP2Setting.Identifier.enableConnectProtocol.rawValue] : []
            return Scenario(
                id: "http2/setting/\(slug)",
                title: title,
                requirements: ["RFC8441-3-03", "RFC8441-9.1-01"],
                targets: [.client],
                needs: .nothing,
                driver: .action(.openOverHTTP2),
                tags: [.handshake],
                chapter: "H2-14",
                stream: stream,
                script: [.send(FrameToSend(.ping, HandshakePolicy.ping))],
                conclusion: .closeWhenComplete,
                behaviour: [
                    .conforms(.neverConnects), .conforms(.events([.pong(HandshakePolicy.ping)])),
                    .violates(
                        .anything,
                        "left a Ping unanswered where it went on over HTTP/1.1 (RFC 6455, 5.5.2)",
                        cites: "RFC6455-5.5.2-02"
                    ),
                ],
                closing: .answersNormalClose
            )
        }
    }
}
