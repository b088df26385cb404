import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// What a missing echo breaks, and which flaws of an acceptance a scenario's own request is about.
@Suite struct `What a finding cites` {
    private static let inflates = "RFC7692-6.2-01"
    private static let uncompressed = "RFC7692-6.2-02"

    /// The requirement of a missing echo behind so many others, in a conversation that may compress.
    private static func cited(
        _ requirements: [String],
        behind count: Int,
        isCompressed: Bool = true,
        _ change: (inout [Step]) -> Void = { _ in }
    ) -> String? {
        let texts = ["first", "second", "third"]
        var script: [Step] = [
            .send(FrameToSend(.text, .text(texts[0]), rsv: 4)), .send(FrameToSend(.ping, .text("p"))),
            .send(FrameToSend(.text, .text(texts[1]), rsv: 4)), .send(FrameToSend(.text, .text(texts[2]))),
        ]
        change(&script)
        let scenario = Scenario(
            id: "compression/made-for-a-requirement",
            title: "Messages that are not echoed",
            requirements: requirements,
            needs: .echo,
            compression: isCompressed ? CompressionNeed() : nil,
            opening: isCompressed ? .negotiating(CompressionOpening()) : .ordinary,
            script: script,
            conclusion: .closeWhenComplete,
            behaviour: [
                .conforms(.events([.pong(.text("p"))] + texts.map { .message(.text, .text($0)) }))
            ],
            closing: [.conforms(.anything)]
        )
        let answer = isCompressed ? Recording.compressing : Recording.acceptance
        var recording = Recording.opened(
            scenario,
            offering: isCompressed ? ["permessage-deflate"] : [],
            answer: answer.encode()
        )
        recording.sendScript()
        recording.receive(.pong, Array("p".utf8))
        for text in texts.prefix(count) { recording.receive(.text, Array(text.utf8)) }
        recording.mark(.gaveUp(.deadline))
        recording.end(.closedHere)
        return recording.judgement.findings.first { $0.rule == "behaviour" }?.requirement
    }

    private static let ofWindows = [
        "RFC7692-7.2.2-03", "RFC7692-7.2.2-05", "RFC7692-7.2.2-07", "RFC7692-7.2.2-09",
    ]

    @Test func `The first message refers to no earlier one, and an uncompressed one is delivered as it is`() {
        for main in Self.ofWindows {
            let all = [main, Self.inflates, Self.uncompressed]
            #expect(Self.cited(all, behind: 0) == Self.inflates)
            #expect(Self.cited(all, behind: 1) == main)
            #expect(Self.cited(all, behind: 2) == Self.uncompressed)
            #expect(Self.cited(all, behind: 0, isCompressed: false) == main)
            #expect(Self.cited([main], behind: 0) == main && Self.cited([main], behind: 2) == main)
        }
        let other = ["RFC7692-7.2.3.4-01", Self.inflates, Self.uncompressed]
        #expect((0...2).map { Self.cited(other, behind: $0) } == [other[0], other[0], Self.uncompressed])
        let accepted = ["RFC6455-4.1-57", Self.inflates, Self.uncompressed]
        #expect((0...2).map { Self.cited(accepted, behind: $0) } == [Self.inflates, Self.inflates, Self.uncompressed])
    }

    @Test func `Behind a step that sends several frames at once nothing is said of a single one`() {
        let all = [Self.ofWindows[0], Self.inflates, Self.uncompressed]
        let message: (inout [Step]) -> Void = { script in
            script[2] = .sendMessage(MessageToSend(.text, .text("second"), fragmentLength: 3))
        }
        #expect((0...2).map { Self.cited(all, behind: $0, message) } == [Self.inflates, all[0], all[0]])
        let begun: (inout [Step]) -> Void = { $0.insert(.sendOctets([0x81]), at: 0) }
        #expect(Self.cited(all, behind: 0, begun) == all[0])
    }

    // MARK: - Flaws of an acceptance

    private static let flaws = [
        "Sec-WebSocket-Protocol: x-none", "Sec-WebSocket-Protocol: ", "Sec-WebSocket-Protocol: a b",
        "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: CHAT",
        "Sec-WebSocket-Extensions: foo", "Sec-WebSocket-Extensions: ", "Sec-WebSocket-Extensions: ;;",
        "Sec-WebSocket-Extensions: PERMESSAGE-DEFLATE", "Content-Length: 0", "Sec-WebSocket-Version: 999", "",
    ]

    @Test func `What a request has caused counts for its case, and anything else is told in passing`() {
        let all = Catalogue.all.filter { $0.targets.contains(.server) && $0.security == nil }
        func first(_ fits: (String) -> Bool) -> Scenario? {
            all.first { scenario in
                guard case .request(let request) = scenario.opening else { return false }
                return fits(String(decoding: request.template, as: UTF8.self).lowercased())
            }
        }
        let scenarios = [
            first { $0.contains("sec-websocket-protocol") }, first { $0.contains("sec-websocket-extensions") },
            first { $0.ranges(of: "sec-websocket-key").count == 2 },
            first { !$0.contains("sec-websocket-protocol") && !$0.contains("sec-websocket-extensions") },
        ].compactMap(\.self)
        var text = ""
        for scenario in scenarios + [Catalogue.the("ping/empty")] {
            text += "\(scenario.id)\n"
            for flaw in Self.flaws {
                for accept in ["s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "AAAA", nil] {
                    var record = RecordedEvents(scenario)
                    record.send(
                        "GET / HTTP/1.1\r\nHost: peer.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
                    )
                    record.receive(
                        "HTTP/1.1 101 Any\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + (accept.map { "Sec-WebSocket-Accept: \($0)\r\n" } ?? "")
                            + (flaw.isEmpty ? "\r\n" : "\(flaw)\r\n\r\n")
                    )
                    record.mark(.opened)
                    record.end(.closedHere)
                    let found = Judge.judge(scenario, record.transcript).findings.filter { $0.kind != nil }
                    let words = found.map { "\($0.kind ?? "")\($0.isPassive ? " in passing" : "")" }
                    text +=
                        "  \(flaw.replacing("\r\n", with: " | ")), \(accept ?? "none"): "
                        + "\(words.joined(separator: ", "))\n"
                }
            }
        }
        #expect(Golden.difference(text, from: "flaws.txt") == nil)
    }
}
