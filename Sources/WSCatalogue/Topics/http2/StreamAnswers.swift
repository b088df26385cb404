import WSHTTP2
import WSProtocol
package import WSScenario

extension Catalogue {
    /// What a client makes of the answer to its Extended CONNECT (RFC 8441, 5).
    package enum StreamAnswers {
        /// A response with a Sec-WebSocket-Accept that fits no key.
        static let wrongAccept = answer(
            "wrong-accept",
            "200 with a sec-websocket-accept that fits no key",
            "H2-16",
            [Line(":status", "200"), Line("sec-websocket-accept", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")],
            .mustAccept("a client does not look for Sec-WebSocket-Accept (RFC 8441, 5)", over: "RFC8441-5-06")
        )

        /// Statuses of acceptance other than 200.
        static let accepted = answer(
            "status-204",
            "204, which accepts as every other 2xx does",
            "H2-16",
            [Line(":status", "204")],
            .shouldAccept("every status of 2xx accepts (RFC 8441, 5)", cites: "RFC8441-5-11")
        )

        /// A length of content that a tunnel has not.
        static let contentLength = answer(
            "content-length",
            "200 with content-length: 0, behind which the tunnel goes on",
            "H2-30",
            [Line(":status", "200"), Line("content-length", "0")],
            .mustAccept(
                "a client ignores the length of content in a response that accepts CONNECT (RFC 9110, 9.3.6)",
                over: "RFC8441-5-11"
            )
        )

        /// Statuses that accept nothing.
        static func refused() -> [Scenario] {
            [400, 403, 404, 501].map { status in
                answer(
                    "status-\(status)",
                    "\(status) without END_STREAM, and a Ping where content would be",
                    "H2-17",
                    [Line(":status", "\(status)")],
                    .mustFail("a status other than 2xx opens no WebSocket (RFC 8441, 5)", over: "RFC8441-5-11")
                )
            }
        }

        /// Responses that are malformed.
        static func malformed() -> [Scenario] {
            let rows: [(String, String, [Line], String, String)] = [
                (
                    "status-101", "101, which HTTP/2 has not", [Line(":status", "101")], "RFC8441-5-11",
                    "the status 101 opens no WebSocket on a stream (RFC 8441, 5; RFC 9113, 8.6)"
                ),
                (
                    "status-missing", "Response without :status", [Line("server", "wsconform")], "RFC9113-8.1.1-02",
                    "a response without :status is malformed (RFC 9113, 8.3.2)"
                ),
                (
                    "upper-case-name", "200 with a name in capitals", [Line(":status", "200"), Line("X-Odd", "1")],
                    "RFC9113-8.1.1-02", "a capital in a name makes a response malformed (RFC 9113, 8.2.1)"
                ),
            ]
            return rows.map { slug, title, lines, rule, why in
                answer(slug, title, "H2-17", lines, .mustFail(why, over: rule))
            }
        }

        /// A response that accepts, and ends the stream.
        static let ended = unanswered(
            "end-stream",
            "200 with END_STREAM",
            "H2-17",
            .fields([Line(":status", "200")], endsStream: true)
        )

        /// The end of the stream without a response.
        static func withoutResponse() -> [Scenario] {
            [
                (
                    "refused-stream", "RST_STREAM with REFUSED_STREAM instead of a response",
                    HTTP2ErrorCode.refusedStream
                ),
                ("reset-no-error", "RST_STREAM with NO_ERROR instead of a response", .noError),
                ("reset-cancel", "RST_STREAM with CANCEL instead of a response", .cancel),
            ].map { slug, title, code in
                unanswered(
                    slug,
                    title,
                    code == .refusedStream ? "H2-17" : "H2-33",
                    .frames(HTTP2Frame.resetStream(1, code).encoded)
                )
            } + [
                unanswered(
                    "data-instead",
                    "DATA with END_STREAM instead of a response",
                    "H2-33",
                    .frames(HTTP2Frame.data([], on: 1, endStream: true).encoded)
                )
            ]
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [wrongAccept, accepted, contentLength] + refused() + malformed() + [ended] + withoutResponse()

        private typealias Line = StreamToSpeak.Line

        private static func answer(
            _ slug: String,
            _ title: String,
            _ chapter: String,
            _ lines: [Line],
            _ policy: ResponsePolicy
        ) -> Scenario {
            var stream = StreamToSpeak()
            stream.answer = .fields(lines, endsStream: false)
            let isOpen = policy.sendsPing
            return Scenario(
                id: "http2/answer/\(slug)",
                title: title,
                requirements: [policy.rule] + (isOpen ? ["RFC6455-5.5.2-02"] : ["RFC9113-5.4.2-01"]),
                targets: [.client],
                needs: .nothing,
                tags: [.handshake],
                chapter: chapter,
                stream: stream,
                script: isOpen ? [.send(FrameToSend(.ping, ResponsePolicy.ping))] : [],
                conclusion: isOpen ? .closeWhenComplete : .peerFails(lateBarrier: true),
                behaviour: isOpen ? opened(policy) : policy.behaviour,
                // Who should accept and does not, has no closing handshake.
                closing: isOpen && policy.others.isEmpty ? .answersNormalClose : .anyEnd
            )
        }

        /// The outcomes of an answer that has to be accepted, which are the same however a client refuses it.
        private static func opened(_ policy: ResponsePolicy) -> [Outcome<BehaviourPattern>] {
            let refusals = policy.behaviour.filter { $0.pattern == .failsHandshake }.flatMap { outcome in
                [BehaviourPattern.resetsStream(codes: nil), .events([])].map { pattern in
                    var refusal = outcome
                    refusal.pattern = pattern
                    return refusal.because(.refused)
                }
            }
            return policy.behaviour.filter { $0.grade == .conforms } + refusals
                + .endsConnectionUnasked(refusals.first?.reason ?? "", over: policy.rule)
        }

        /// An answer behind which nothing more comes on the stream, so that a client can do nothing but end it.
        private static func unanswered(
            _ slug: String,
            _ title: String,
            _ chapter: String,
            _ answer: StreamToSpeak.Answer
        ) -> Scenario {
            var stream = StreamToSpeak()
            stream.answer = answer
            return Scenario(
                id: "http2/answer/\(slug)",
                title: title,
                requirements: ["RFC9113-5.4.2-01", "RFC9113-6.4-01"],
                targets: [.client],
                needs: .nothing,
                tags: [.handshake, .robustness],
                chapter: chapter,
                stream: stream,
                script: [],
                conclusion: .peerFails(lateBarrier: false),
                behaviour: .endsConnectionOverError + .survives,
                closing: .anyEnd
            )
        }
    }
}
