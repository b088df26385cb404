import WSProtocol
package import WSScenario

extension Catalogue {
    /// Frames in records of TLS, whose borders mean nothing (RFC 8446, 5.1), and records in segments of TCP.
    package enum TLSRecords {
        /// Each octet in a record of its own.
        static let oneOctet = echo(
            "one-octet",
            "Text of 64 octets, each octet of the frame in a record of its own",
            [.send(FrameToSend(.text, text(64), pacing: .pieces(1)))],
            [.message(.text, text(64))],
            chapter: "TLS-05"
        )

        /// The request in records of one octet.
        static let oneOctetRequest: Scenario = {
            var scenario = Scenario.handshake(
                "tls/record/request-octet-by-octet",
                "Request of which each octet is in a record of its own",
                "TLS-05",
                ["RFC6455-4.2.2-02"],
                sends: HandshakeTemplate.ordinary.request(pacing: .pieces(1)),
                .mustAccept("refused a request over how it was divided into records (RFC 6455, 4.2.2)")
            )
            scenario.security = .usual
            return scenario
        }()

        /// Many frames in one record.
        static let manyFrames = echo(
            "many-frames",
            "Two hundred texts in one record",
            [.sendRun(FrameRun(FrameToSend(.text, text(20)), count: 200))],
            Array(repeating: .message(.text, text(20)), count: 200),
            chapter: "TLS-05"
        )

        /// A frame in two records.
        static let frameInTwo = echo(
            "frame-in-two",
            "Binary message of 2000 octets, the second half in another record",
            [.send(FrameToSend(.binary, octets(2000), pacing: .split(at: 1000)))],
            [.message(.binary, octets(2000))],
            chapter: "TLS-05"
        )

        /// The header of a frame in two records.
        static let headerInTwo = echo(
            "header-in-two",
            "Binary message of 300 octets, the second octet of its header in another record",
            [.send(FrameToSend(.binary, octets(300), pacing: .split(at: 1)))],
            [.message(.binary, octets(300))],
            chapter: "TLS-05"
        )

        /// Records cut by TCP.
        static func cutRecords() -> [Scenario] {
            [
                ("cut-inside-header", "inside its header", 3), ("cut-inside-fragment", "behind 1000 octets", 1005),
            ].map { slug, phrase, place in
                var scenario = echo(
                    slug,
                    "Binary message of 64 KiB, each record cut \(phrase) into two segments of TCP",
                    [.send(FrameToSend(.binary, octets(65_536)))],
                    [.message(.binary, octets(65_536))],
                    chapter: "TLS-09"
                )
                scenario.security?.recordCut = place
                scenario.driver = .action(.openSecured(byName: false))
                return scenario
            }
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [oneOctet, oneOctetRequest, manyFrames, frameInTwo, headerInTwo] + cutRecords()

        private static func text(_ length: Int) -> Payload { .repeating("record ", length: length) }

        private static func octets(_ length: Int) -> Payload { .repeating(unit: Array(0..<251), length: length) }

        private static func echo(
            _ slug: String,
            _ title: String,
            _ script: [Step],
            _ answers: [ExpectedEvent],
            chapter: String
        ) -> Scenario {
            Scenario(
                id: "tls/record/\(slug)",
                title: title,
                requirements: ["RFC6455-6.2-01", "RFC6455-10.6-01"],
                needs: .echo,
                chapter: chapter,
                security: .usual,
                script: script,
                conclusion: .closeWhenComplete,
                behaviour: .answers(answers),
                closing: .answersNormalClose
            )
        }
    }
}
