import Testing
import WSDeflate
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// What the judge says of compressed messages, and where there are none.
@Suite struct `The rules of compression` {
    private static func scenario(_ need: CompressionNeed = CompressionNeed()) -> Scenario {
        Scenario(
            id: "compression/made-for-this-test",
            title: "A compressed message",
            requirements: ["RFC7692-6.2-01"],
            needs: .echo,
            compression: need,
            opening: .negotiating(CompressionOpening()),
            script: [.send(FrameToSend(.text, .octets([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]), rsv: 4))],
            conclusion: .closeWhenComplete,
            behaviour: [.conforms(.events([.message(.text, .text("Hello"))]))],
            closing: [.conforms(.peerReplies(codes: [1000]))]
        )
    }

    /// The judgement of a server that gave this answer and sent these frames, then Close.
    private static func judgement(
        _ answer: String?,
        _ frames: [[UInt8]],
        _ need: CompressionNeed = CompressionNeed()
    ) -> Judgement {
        var accepting = Recording.acceptance
        if let answer { accepting.fields.append(HTTPField("Sec-WebSocket-Extensions", answer)) }
        let request = [
            "GET / HTTP/1.1", "Host: peer.example", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
        ]
        var recording = Recording(scenario(need), lines: request)
        recording.receive(accepting.encode())
        recording.mark(.opened)
        if answer != nil { recording.sendScript() }
        for frame in frames { recording.receive(frame) }
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        return recording.judgement
    }

    private static func frame(
        _ payload: [UInt8],
        opcode: Opcode = .text,
        fin: Bool = true,
        rsv: UInt8 = 4
    ) -> [UInt8] {
        var octets: [UInt8] = []
        FrameHeader(fin: fin, rsv: rsv, opcode: opcode, payloadLength: UInt64(payload.count))
            .encode(payload: payload.span, into: &octets)
        return octets
    }

    private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    private static func message(_ write: (inout DeflateWriter) -> Void, ends: Bool = true) -> [UInt8] {
        var writer = DeflateWriter()
        write(&writer)
        if ends { writer.endMessage() }
        return frame(writer.octets)
    }

    /// What is found in the messages besides the verdict on the echo.
    private static func found(_ answer: String, _ frames: [[UInt8]]) -> [String] {
        judgement(answer, frames).findings
            .filter { ["compressed-messages", "framing"].contains($0.rule) && $0.verdict == .fail }
            .map(\.requirement)
    }

    @Test func `An echo that was compressed is compared with its content`() {
        let judgement = Self.judgement("permessage-deflate", [Self.frame(Self.hello)])
        #expect(judgement.verdict == .pass)
        #expect(judgement.findings == [])
        #expect(judgement.wire.contains("< text FIN RSV1 7 octets → 5 \"Hello\" (fixed)"))
        let other = Self.judgement("permessage-deflate", [Self.message { $0.appendStored(Array("Hallo".utf8)) }])
        #expect(other.verdict == .fail)
        #expect(Self.judgement("permessage-deflate", [Self.frame(Array("Hello".utf8), rsv: 0)]).verdict == .pass)
    }

    @Test func `A server that does not agree is unimplemented, whatever it does afterwards`() {
        let judgement = Self.judgement(nil, [])
        #expect(judgement.verdict == .unimplemented)
        #expect(judgement.reason == "did not agree to permessage-deflate")
    }

    @Test func `A server that agreed to less than our messages need skips the case`() {
        let window = Self.judgement(
            "permessage-deflate; client_max_window_bits=10",
            [],
            CompressionNeed(windowBits: 11)
        )
        #expect(window.verdict == .skipped)
        #expect(window.reason.contains("1024 octets"))
        let context = Self.judgement(
            "permessage-deflate; client_no_context_takeover",
            [],
            CompressionNeed(keepsContext: true)
        )
        #expect(context.verdict == .skipped)
        let enough = Self.judgement(
            "permessage-deflate; client_max_window_bits=11",
            [Self.frame(Self.hello)],
            CompressionNeed(windowBits: 11)
        )
        #expect(enough.verdict == .pass)
    }

    @Test func `A message keeps to the window and the context that were agreed on`() {
        let far = Self.message {
            $0.appendFixed(
                DeflateSymbol.literals((0..<300).map { UInt8($0 & 63) }) + [.match(length: 3, distance: 257)]
            )
        }
        #expect(Self.found("permessage-deflate; server_max_window_bits=8", [far]) == ["RFC7692-7.2.1-16"])
        #expect(Self.found("permessage-deflate; server_max_window_bits=9", [far]) == [])
        let back = [Self.frame(Self.hello), Self.message { $0.appendFixed([.match(length: 5, distance: 5)]) }]
        #expect(Self.found("permessage-deflate; server_no_context_takeover", back) == ["RFC7692-7.2.1-12"])
        #expect(Self.found("permessage-deflate; client_no_context_takeover", back) == [])
    }

    @Test func `A message whose octets show what went wrong is a finding of its own`() {
        let content = Array("Hello".utf8)
        #expect(Self.found("permessage-deflate", [Self.frame(content)]) == ["RFC7692-6.1-02"])
        var writer = DeflateWriter()
        writer.appendStored(content)
        writer.endMessage()
        #expect(Self.found("permessage-deflate", [Self.frame(writer.octets, rsv: 0)]) == ["RFC7692-6.1-01"])
        // What we sent and nobody has inflated.
        #expect(Self.found("permessage-deflate", [Self.frame(Self.hello, rsv: 0)]) == ["RFC6455-5.6-01"])
        let parts = ["Hel", "lo"].map { part in
            var writer = DeflateWriter()
            writer.appendFixed(DeflateSymbol.literals(part.utf8))
            writer.endMessage()
            return writer.octets
        }
        let fragments = [
            Self.frame(parts[0], fin: false), Self.frame(parts[1], opcode: .continuation, rsv: 0),
        ]
        #expect(Self.found("permessage-deflate", fragments) == ["RFC7692-7.2.1-08"])
        let correct = [
            Self.frame(parts[0] + [0x00, 0x00, 0xFF, 0xFF], fin: false),
            Self.frame(parts[1], opcode: .continuation, rsv: 0),
        ]
        #expect(Self.found("permessage-deflate", correct) == [])
    }

    @Test func `A message ends as the algorithm of its sender leaves it`() {
        let tail = Self.message(
            {
                $0.appendStored(Array("Hello".utf8))
                $0.appendStored([])
            },
            ends: false
        )
        #expect(Self.found("permessage-deflate", [tail]) == ["RFC7692-7.2.1-03"])
        let none = Self.message({ $0.appendFixed(DeflateSymbol.literals("Hello".utf8), isFinal: true) }, ends: false)
        #expect(Self.found("permessage-deflate", [none]) == ["RFC7692-7.2.1-02"])
        let inside = Self.frame([0xF2, 0x48, 0xCD, 0xC9])
        #expect(Self.found("permessage-deflate", [inside]) == ["RFC7692-7.2.1-01"])
        let padded = Self.message {
            $0.finalPadding = 1
            $0.appendFixed(DeflateSymbol.literals("Hello".utf8), isFinal: true)
        }
        #expect(Self.found("permessage-deflate", [padded]) == ["RFC7692-7.2.1-07"])
        let final = Self.message { $0.appendFixed(DeflateSymbol.literals("Hello".utf8), isFinal: true) }
        #expect(Self.found("permessage-deflate", [final]) == [])
    }

    @Test func `RSV1 stands on the first frame of a message only`() {
        let fragments = [
            Self.frame(Array(Self.hello[..<3]), fin: false),
            Self.frame(Array(Self.hello[3...]), opcode: .continuation, rsv: 4),
        ]
        #expect(Self.found("permessage-deflate", fragments) == ["RFC7692-6.1-04"])
        #expect(Self.found("permessage-deflate", [Self.frame([0x61], opcode: .ping)]) == ["RFC7692-6.1-03"])
        #expect(Self.found("permessage-deflate", [Self.frame([0x61], opcode: .ping, rsv: 2)]) == ["RFC6455-5.2-02"])
    }

    @Test func `Each kind of fault is told once, and a stream that cannot be inflated by its bit`() {
        let broken = Self.message({ _ = $0.append(.reservedBlockType) }, ends: false)
        let judgement = Self.judgement("permessage-deflate", [broken, broken])
        let found = judgement.findings.filter { $0.rule == "framing" }
        #expect(found.map(\.requirement) == ["RFC7692-7.2.1-01"])
        #expect(found.first?.reason.contains("reserved block type 11 at bit 1") == true)
    }
}
