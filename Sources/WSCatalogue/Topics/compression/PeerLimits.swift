import WSDeflate
import WSProtocol
package import WSScenario

extension Catalogue {
    /// Compressed messages around the largest one that the peer accepts, which a run learns or is told.
    ///
    /// Here they are made for ``LimitSweep/example``. No text has a number; RFC 6455, 10.4 requires that a peer
    /// protects itself against exceeding a limit that it has.
    package enum PeerLimits {
        /// Messages around the limit in one frame.
        static let oneFrame = example(of: .oneFrame)

        /// The same in three fragments, each far below the limit.
        static let fragments = example(of: .fragments)

        /// A message that is far above the limit.
        static let bomb = example(of: .bomb)

        /// Many messages below the limit.
        static let manySmall = example(of: .manySmall)

        /// Every scenario of this file, as an example.
        package static let all: [Scenario] = [oneFrame, fragments, bomb, manySmall]

        private static func example(of kind: Kind) -> Scenario {
            var scenario = scenario(of: kind, limit: LimitSweep.example, trial: kind.exampleTrial)
            scenario.title = kind.title("the peer's limit")
            return scenario
        }

        /// Makes a scenario of this file for a limit of the peer's.
        ///
        /// - Parameters:
        ///   - example: The scenario, made for any limit.
        ///   - limit: The most octets that a message may have.
        ///   - trial: The number of the trial, from 0.
        /// - Returns: The scenario; another one is returned as it is.
        package static func make(_ example: Scenario, limit: Int, trial: Int) -> Scenario {
            guard let kind = Kind.allCases.first(where: { $0.id == example.id }) else { return example }
            var scenario = scenario(of: kind, limit: limit, trial: trial)
            scenario.title = kind.title("the peer's limit of \(limit) octets")
            scenario.limitSweep?.limit = limit
            scenario.limitSweep?.trial = trial
            scenario.references = example.references
            return scenario
        }

        /// What a run needs to learn a limit and to try what is around it.
        package static let forRuns = LimitScenarios(
            probe: { Controls.text(length: $0, isCompressed: $1) },
            make: { make($0, limit: $1, trial: $2) }
        )

        // MARK: - Kinds

        /// What is tried around a limit.
        private enum Kind: CaseIterable {
            case oneFrame
            case fragments
            case bomb
            case manySmall

            var id: String {
                switch self {
                case .oneFrame: "compression/peer-limit/one-frame"
                case .fragments: "compression/peer-limit/three-fragments"
                case .bomb: "compression/peer-limit/sixteen-times"
                case .manySmall: "compression/peer-limit/many-below"
                }
            }

            /// The number of the trial that the catalogue shows.
            var exampleTrial: Int {
                switch self {
                case .oneFrame, .fragments: 1
                case .bomb, .manySmall: 0
                }
            }

            func title(_ limit: String) -> String {
                switch self {
                case .oneFrame: "Compressed texts that inflate to \(limit) and up to 300 octets more"
                case .fragments:
                    "Compressed texts in three fragments that inflate to \(limit) and up to 300 octets more"
                case .bomb: "A compressed text that inflates to sixteen times \(limit)"
                case .manySmall: "Many compressed messages that are small, and each below \(limit) inflated"
                }
            }
        }

        private static func scenario(of kind: Kind, limit: Int, trial: Int) -> Scenario {
            switch kind {
            case .oneFrame, .fragments:
                let (excess, ending) = Trials.all[min(trial, Trials.all.count - 1)]
                let text = SizedText(length: limit + excess, ending: ending)
                let sweep = LimitSweep(quickTrials: Trials.quick.count, fullTrials: Trials.all.count, trial: trial)
                let expected = excess == 0 ? taken(text, limit) : refused(text, limit)
                return around(kind, sweep, text.steps(isFragmented: kind == .fragments), expected)
            case .bomb:
                let length = max(limit + 1, min(16 * limit, mostOctetsOfBomb))
                let text = SizedText(length: length, ending: .match)
                return around(kind, once, text.steps(isFragmented: false), refused(text, limit))
            case .manySmall: return manySmall(limit: limit)
            }
        }

        /// A sweep of one trial.
        private static let once = LimitSweep(quickTrials: 1, fullTrials: 1, trial: 0)

        /// The most octets that a bomb has inflated.
        private static let mostOctetsOfBomb = 256 << 20

        /// How many octets each text has above the limit, and how it ends.
        private enum Trials {
            typealias Trial = (excess: Int, ending: SizedText.Ending)

            /// First the limit itself, then what some implementation was found to let pass or to cut.
            static let quick: [Trial] = [
                (0, .match), (1, .match), (1, .literals), (2, .literals), (257, .match), (300, .stored), (258, .match),
                (3, .literals),
            ]
            /// The same, and everything from 1 to 300 with each ending.
            static let all: [Trial] =
                quick
                + SizedText.Ending.allCases.flatMap { ending in
                    (1...300).filter { excess in !quick.contains { $0 == (excess, ending) } }.map { ($0, ending) }
                }
        }

        // MARK: - Scenarios

        /// What has to become of the messages: how the conversation ends, and what the peer does.
        private typealias Expected = (
            conclusion: Conclusion, behaviour: [Outcome<BehaviourPattern>], closing: [Outcome<ClosingPattern>]
        )

        /// A text of as many octets as the peer accepts.
        private static func taken(_ text: SizedText, _ limit: Int) -> Expected {
            (
                .closeWhenComplete,
                [
                    .conforms(.events([text.echo])),
                    .tolerated(
                        .events([]),
                        "refused a message of \(limit) octets inflated, which is just its limit (RFC 6455, 10.4)",
                        cites: "RFC6455-10.4-02"
                    ),
                    .violates(.anything, otherMessage(text, limit), cites: "RFC7692-6.2-01").because(.deliveredOther),
                ],
                .takesOrRefusesTooLarge(with: 1009, 1008)
            )
        }

        /// A text of more octets than the peer accepts.
        private static func refused(_ text: SizedText, _ limit: Int) -> Expected {
            (
                .peerFails(lateBarrier: true),
                [
                    .conforms(.events([])),
                    .violates(
                        .events([text.echo]),
                        "delivered a message of \(text.length) octets inflated, \(text.length - limit) above its limit of "
                            + "\(limit) (RFC 6455, 10.4)",
                        cites: "RFC6455-10.4-01"
                    ).because(.deliveredTooLarge),
                    .violates(.anything, otherMessage(text, limit), cites: "RFC7692-6.2-01").because(.deliveredOther),
                ],
                .refusesTooLarge(with: 1009, 1008)
            )
        }

        /// Messages of a thousandth of their content, which together exceed the limit unless that is large.
        private static func manySmall(limit: Int) -> Scenario {
            let text = SizedText(length: min(limit, 65_536), ending: .match)
            let count = min(128, max(64, 2 * limit / text.length))
            let frame = FrameToSend(.text, .octets(text.payload), rsv: 4)
            let events = Array(repeating: text.echo, count: count)
            return around(
                .manySmall,
                once,
                [.sendRun(FrameRun(frame, count: count))],
                (
                    .closeWhenComplete,
                    [
                        .conforms(.events(events)), .conforms(.someOf(events)),
                        .violates(.anything, otherMessage(text, limit), cites: "RFC7692-6.2-01").because(
                            .deliveredOther
                        ),
                    ],
                    .takesOrRefusesTooLarge(with: 1009, 1008)
                )
            )
        }

        private static func around(
            _ kind: Kind,
            _ sweep: LimitSweep,
            _ script: [Step],
            _ expected: Expected
        ) -> Scenario {
            Scenario(
                id: kind.id,
                title: "",
                requirements: ["RFC6455-10.4-01", "RFC7692-6.2-01", "RFC6455-10.4-02", "RFC6455-7.4.1-09"],
                needs: .echo,
                phase: .load,
                tags: [.load, .robustness],
                chapter: kind == .bomb ? "PMD-36" : kind == .manySmall ? "PMD-37" : "PMD-39",
                references: kind == .manySmall ? [] : references,
                compression: CompressionNeed(),
                limitSweep: sweep,
                opening: .negotiating(CompressionOpening()),
                script: script,
                conclusion: expected.conclusion,
                behaviour: expected.behaviour,
                closing: expected.closing
            )
        }

        private static let references = [
            KnownDefect("websockets", "python-websockets/websockets#1715"),
            KnownDefect("Autobahn", "crossbario/autobahn-python#1908"),
            KnownDefect("Autobahn", "crossbario/autobahn-python#1909"),
            KnownDefect("websocketpp", "zaphoyd/websocketpp#1191"),
            KnownDefect("websocket-driver", "CVE-2026-54464"), KnownDefect("libsoup", "GNOME/libsoup@68b95753"),
        ]

        private static func otherMessage(_ text: SizedText, _ limit: Int) -> String {
            "delivered another message than the one of \(text.length) octets inflated that was sent, with a limit of "
                + "\(limit); one that is too large is refused, not cut (RFC 7692, 6.2)"
        }
    }
}
