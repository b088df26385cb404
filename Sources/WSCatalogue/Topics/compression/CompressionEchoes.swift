import WSProtocol
package import WSScenario

extension Catalogue {
    /// Compressed messages that are echoed one by one: content of several kinds, and parameters of several kinds.
    package enum CompressionEchoes {
        /// Content of five kinds, with the parameters that most clients offer.
        static let contents: [Scenario] = [SampleData.json, .bitmap, .prose, .markup, .document].enumerated().flatMap {
            index,
            data in
            sizes.map { size in
                let content = name(of: data)
                return scenario(
                    "\(content.slug)/\(size.slug)",
                    "Compressed \(content.words) in messages of \(size.words), each echoed before the next",
                    "12.\(index + 1).\(size.index)",
                    loop(of: data, from: 0, size),
                    size,
                    CompressionOpening(offers: [offer()])
                )
            }
        }

        /// JSON, with parameters of seven kinds.
        static let parameters: [Scenario] = Parameters.all.enumerated().flatMap { index, parameters in
            sizes.map { size in
                // The content begins in the middle, so that it differs from that with the same parameters above.
                scenario(
                    "\(parameters.slug)/\(size.slug)",
                    "Compressed JSON in messages of \(size.words), \(parameters.words)",
                    "13.\(index + 1).\(size.index)",
                    loop(of: .json, from: SampleData.json.count / 2, size),
                    size,
                    CompressionOpening(offers: parameters.offers, answers: parameters.answers)
                )
            }
        }

        /// Every scenario of this file.
        package static let all: [Scenario] = contents + parameters

        // MARK: - Sizes

        /// The length of messages and of their frames, in Autobahn's order.
        private struct Size {
            /// The last part of Autobahn's number.
            var index: Int
            /// The number of octets of each message.
            var length: Int
            /// The number of octets of each frame, counted in the compressed payload; nil for one frame.
            var fragmentLength: Int?

            var slug: String { "\(length)-octets" + (fragmentLength.map { "-in-\($0)" } ?? "") }

            var words: String {
                let size = length < 1024 ? "\(length) octets" : "\(length / 1024) KiB"
                return size + (fragmentLength.map { " in frames of \($0) octets" } ?? "")
            }

            /// Autobahn's deadline.
            var seconds: Int {
                switch length {
                case ...64: 60
                case ...256: 120
                case ...1024: 240
                default: 480
                }
            }

            /// How many messages show the same as Autobahn's thousand: enough of them refer to earlier ones.
            var quickCount: Int {
                switch length {
                case ...1024: 10
                case ...16_384: 5
                default: 3
                }
            }

            /// How many slices differ: as many as make half a MiB, but at most 16.
            var turn: Int { min(16, 524_288 / length) }
        }

        private static let sizes: [Size] = {
            let whole = [16, 64, 256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072].map { ($0, Int?.none) }
            let cut = [8192, 16_384, 32_768, 65_536, 131_072].map { ($0, Int?.some(256)) }
            let cutFarther = [1024, 4096, 32_768].map { (131_072, Int?.some($0)) }
            return (whole + cut + cutFarther).enumerated().map { index, size in
                Size(index: index + 1, length: size.0, fragmentLength: size.1)
            }
        }()

        private static func loop(of data: SampleData, from start: Int, _ size: Size) -> EchoLoop {
            EchoLoop(
                data == .json || data == .markup ? .text : .binary,
                .sample(SampleSlice(data, start: start, length: size.length)),
                fullCount: 1000,
                quickCount: size.quickCount,
                turn: size.turn,
                compression: EchoLoop.Compression(fragmentLength: size.fragmentLength)
            )
        }

        private static func name(of data: SampleData) -> (slug: String, words: String) {
            switch data {
            case .json: ("json", "JSON")
            case .bitmap: ("bitmap", "octets of a bitmap")
            case .prose: ("prose", "prose, sent as binary,")
            case .markup: ("html", "HTML")
            case .document: ("document", "octets that hardly shrink")
            }
        }

        // MARK: - Parameters

        /// What we offer as a client and answer as a server.
        private struct Parameters {
            var slug: String
            var words: String
            var offers: [DeflateOffer]
            var answers: [DeflateAnswer]

            init(
                _ slug: String,
                _ words: String,
                noContext: Bool = false,
                windowBits: Int? = nil
            ) {
                self.slug = slug
                self.words = words
                offers = [offer(noContext: noContext, windowBits: windowBits)]
                answers = [DeflateAnswer(clientNoContextTakeover: noContext, clientMaxWindowBits: windowBits)]
            }

            static let all: [Parameters] = {
                let plain = Parameters("json-from-the-middle", "with the usual parameters")
                let alone = Parameters("json-alone", "each by itself", noContext: true)
                let small = Parameters(
                    "json-alone-in-small-window",
                    "each by itself, in a window of 512 octets",
                    noContext: true,
                    windowBits: 9
                )
                var several = Parameters("json-after-three-offers", "with the best of three sets of parameters")
                several.offers = [small, alone, plain].flatMap(\.offers)
                several.answers = [small, alone, plain].flatMap(\.answers)
                return [
                    plain,
                    alone,
                    Parameters("json-in-small-window", "in a window of 512 octets", windowBits: 9),
                    Parameters("json-in-large-window", "in a window of 32 KiB that is named", windowBits: 15),
                    small,
                    Parameters(
                        "json-alone-in-large-window",
                        "each by itself, in a window of 32 KiB that is named",
                        noContext: true,
                        windowBits: 15
                    ),
                    several,
                ]
            }()
        }

        private static func offer(noContext: Bool = false, windowBits: Int? = nil) -> DeflateOffer {
            DeflateOffer(
                serverNoContextTakeover: noContext,
                clientNoContextTakeover: true,
                serverMaxWindowBits: windowBits,
                clientMaxWindowBits: .any
            )
        }

        private static func scenario(
            _ slug: String,
            _ title: String,
            _ number: String,
            _ loop: EchoLoop,
            _ size: Size,
            _ opening: CompressionOpening
        ) -> Scenario {
            let echoes = ExpectedEvent.echoes(loop.opcode, loop.payload)
            return Scenario(
                id: "compression/echo/\(slug)",
                title: title,
                requirements: ["RFC7692-6.2-01", "RFC7692-7.2.2-01", "RFC7692-6-02", "RFC7692-6.1-07"]
                    + (loop.opcode == .text ? ["RFC7692-6.1-08", "RFC7692-6.1-09"] : []),
                needs: .echo,
                phase: .load,
                tags: [.load],
                autobahn: .load(number, echoes, closeAfter: size.seconds),
                compression: CompressionNeed(),
                opening: .negotiating(opening),
                script: [.echoLoop(loop)],
                conclusion: .closeWhenComplete,
                behaviour: .answers([echoes]),
                closing: .answersNormalClose
            )
        }
    }
}
