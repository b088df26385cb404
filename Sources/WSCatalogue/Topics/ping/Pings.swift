import WSProtocol
package import WSScenario

extension Catalogue {
    /// Pings and Pongs of all legal lengths, one that is too long, and Pongs that nobody asked for.
    package enum Pings {
        /// A Ping without a body.
        static let empty = answered("ping/empty", "Ping without a body", .empty, autobahn: "2.1").in("CTL-10")

        /// A body of text.
        static let textBody = answered("ping/text-body", "Ping with a text body", greeting, autobahn: "2.2")

        /// A body that is not text.
        static let binaryBody = answered(
            "ping/binary-body",
            "Ping with a body that is not UTF-8",
            .octets([0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF]),
            autobahn: "2.3"
        )

        /// The longest body that a control frame can have.
        static let longest = answered("ping/125-octets", "Ping with a body of 125 octets", full, autobahn: "2.4")

        /// One octet more.
        static let tooLong = Scenario(
            id: "ping/126-octets",
            title: "Ping with a body of 126 octets, one too many",
            requirements: .failing("RFC6455-5.5-01"),
            needs: .nothing,
            autobahn: .failed("2.5"),
            script: [.send(FrameToSend(.ping, .repeating(unit: [0xFE], length: 126)))],
            conclusion: .peerFails(lateBarrier: true),
            behaviour: .fails,
            closing: .fails(with: 1002)
        )

        /// The longest body, an octet at a time.
        static let longestOctetWise = answered(
            "ping/125-octets-octet-wise",
            "Ping with a body of 125 octets, written one octet at a time",
            full,
            pacing: .pieces(1),
            autobahn: "2.6",
            .close(milliseconds: 2000)
        )

        /// A Pong without a Ping before it, and no body.
        static let unsolicitedEmptyPong = unsolicited(
            "ping/unsolicited-empty-pong",
            "Pong that answers no Ping, without a body, then Close",
            .empty,
            autobahn: "2.7"
        )

        /// A Pong without a Ping before it.
        static let unsolicitedPong = unsolicited(
            "ping/unsolicited-pong",
            "Pong that answers no Ping, then Close",
            unasked,
            autobahn: "2.8"
        )

        /// A Pong without a Ping before it, then a Ping.
        static let unsolicitedPongThenPing = Scenario(
            id: "ping/unsolicited-pong-then-ping",
            title: "Pong that answers no Ping, then a Ping",
            requirements: ["RFC6455-5.5.2-02", "RFC6455-5.5.3-01", "RFC6455-5.5.3-03", "RFC6455-6.2-02"],
            needs: .nothing,
            autobahn: .answered("2.9", [.pong(.text("ping payload"))], .closeAfterOneSecond),
            script: [.send(FrameToSend(.pong, unasked)), .send(FrameToSend(.ping, .text("ping payload")))],
            conclusion: .closeWhenComplete,
            behaviour: .answers([.pong(.text("ping payload"))]),
            closing: .answersNormalClose
        )

        /// Ten Pings in one write.
        static let ten = tenPings("ping/ten", "Ten Pings in one write", pacing: .together, autobahn: "2.10")

        /// Ten Pings, an octet at a time.
        static let tenOctetWise = tenPings(
            "ping/ten-octet-wise",
            "Ten Pings, written one octet at a time",
            pacing: .pieces(1),
            autobahn: "2.11"
        )

        /// Every scenario of this file.
        package static let all: [Scenario] = [
            empty, textBody, binaryBody, longest, tooLong, longestOctetWise, unsolicitedEmptyPong, unsolicitedPong,
            unsolicitedPongThenPing, ten, tenOctetWise,
        ]

        private static let greeting = Payload.text("Hello, world!")
        private static let full = Payload.repeating(unit: [0xFE], length: 125)
        private static let unasked = Payload.text("unsolicited pong payload")

        private static func answered(
            _ id: String,
            _ title: String,
            _ body: Payload,
            pacing: WritePacing = .together,
            autobahn number: String,
            _ deadline: AutobahnDeadline = .closeAfterOneSecond
        ) -> Scenario {
            Scenario(
                id: id,
                title: title,
                requirements: [
                    "RFC6455-5.5.2-02", "RFC6455-5.5.3-01", "RFC6455-5.5.2-01", "RFC6455-5.5.2-04", "RFC6455-6.2-02",
                ]
                    + (pacing == .together ? [] : ["RFC6455-6.2-01"]),
                needs: .nothing,
                autobahn: .answered(number, [.pong(body)], deadline),
                script: [.send(FrameToSend(.ping, body, pacing: pacing))],
                conclusion: .closeWhenComplete,
                behaviour: .answers([.pong(body)]),
                closing: .answersNormalClose
            )
        }

        private static func unsolicited(
            _ id: String,
            _ title: String,
            _ body: Payload,
            autobahn number: String
        ) -> Scenario {
            var autobahn = AutobahnCase.answered(number, [], .closeAfterOneSecond)
            // The Close frame is a step of the case, whatever comes back.
            autobahn.closesWhenComplete = false
            return Scenario(
                id: id,
                title: title,
                requirements: ["RFC6455-6.2-02", "RFC6455-5.5.3-03", "RFC6455-5.5.1-07"],
                needs: .nothing,
                autobahn: autobahn,
                script: [.send(FrameToSend(.pong, body)), .startClosingHandshake(body: .closeBody(1000))],
                conclusion: .awaitEnd,
                behaviour: .silence,
                closing: .answersNormalClose
            )
        }

        private static func tenPings(
            _ id: String,
            _ title: String,
            pacing: WritePacing,
            autobahn number: String
        ) -> Scenario {
            let bodies = (0..<10).map { Payload.text("payload-\($0)") }
            return Scenario(
                id: id,
                title: title,
                requirements: ["RFC6455-5.5.2-02", "RFC6455-5.5.3-01", "RFC6455-5.5.3-02", "RFC6455-6.2-02"]
                    + (pacing == .together ? [] : ["RFC6455-6.2-01"]),
                needs: .nothing,
                autobahn: .answered(number, bodies.map { .pong($0) }, .close(milliseconds: 3000)),
                script: bodies.map { .send(FrameToSend(.ping, $0, pacing: pacing)) },
                conclusion: .closeWhenComplete,
                behaviour: .pongs(bodies.map { .pong($0) }),
                closing: .answersNormalClose
            )
        }
    }
}
