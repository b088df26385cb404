import WSProtocol
package import WSScenario

extension Catalogue {
    /// Ends of a connection over TLS: with the closing message and without it, and in the middle of something.
    package enum TLSEndings {
        /// The closing message of the peer.
        static let closingMessage = Scenario(
            id: "tls/end/close-notify",
            title: "Close 1000, behind which the peer says close_notify before it ends TCP",
            requirements: ["RFC8446-6.1-01", "RFC9112-9.8-02", "RFC6455-7.1.1-01"],
            needs: .nothing,
            chapter: "TLS-04",
            security: .usual,
            script: [.send(FrameToSend(.ping, .text("before the end")))],
            conclusion: .closeWhenComplete,
            behaviour: .answers([.pong(.text("before the end"))]),
            closing: .answersNormalClose
        )

        /// FIN without our closing message.
        static func truncations() -> [Scenario] {
            [
                end(
                    "truncated-idle",
                    "FIN without close_notify on an idle connection",
                    [],
                    "nothing at all",
                    truncates: true
                ),
                end(
                    "truncated-inside-frame",
                    "FIN without close_notify inside a text frame",
                    [.beginFrame(fin: true, opcode: .text, length: 20), .continueFrame(.text("ten octets"))],
                    "a frame of which half came",
                    truncates: true
                ),
                end(
                    "truncated-inside-message",
                    "FIN without close_notify behind the first fragment of a text",
                    [.send(FrameToSend(.text, .text("unfinished"), fin: false))],
                    "a message of which one fragment came",
                    truncates: true
                ),
            ]
        }

        /// Our closing message while we read on.
        static func halfOpen() -> [Scenario] {
            [
                end(
                    "half-open-idle",
                    "FIN behind close_notify on an idle connection, which we read on",
                    [],
                    "nothing at all"
                ),
                end(
                    "half-open-inside-message",
                    "FIN behind close_notify and the first fragment of a text, while we read on",
                    [.send(FrameToSend(.text, .text("unfinished"), fin: false))],
                    "a message of which one fragment came"
                ),
            ]
        }

        /// Every scenario of this file.
        package static let all: [Scenario] = [closingMessage] + truncations() + halfOpen()

        private static func end(
            _ slug: String,
            _ title: String,
            _ script: [Step],
            _ what: String,
            truncates: Bool = false
        ) -> Scenario {
            Scenario(
                id: "tls/end/\(slug)",
                title: title,
                requirements: ["RFC6455-6.2-01", "RFC6455-7.2.1-02", "RFC6455-7.1.5-01"],
                needs: .nothing,
                driver: truncates ? .action(.openSecured(byName: false)) : .connect,
                tags: [.robustness],
                chapter: truncates ? "TLS-06" : "TLS-11",
                security: SecurityToSpeak(truncates: truncates),
                script: script + [.endOutput],
                conclusion: .awaitEnd,
                behaviour: .deliversNothing(what),
                closing: .endsAfterFIN
            )
        }
    }
}
