import TestSupport
import Testing
import WSCompression
import WSDeflate
import WSLink
import WSModelPeer
import WSProtocol

@Suite("The model server with compressed messages") struct CompressionTests {
    /// Words that repeat near and far, so that every window has something to refer to.
    private static let words = Array(
        (0..<4_000).map { "\($0 * 7 % 61) \($0 % 977) " }.joined().utf8
    )

    private func conversation(
        _ frames: [UInt8]...,
        offer: String = "permessage-deflate",
        settings: ModelServerSettings = ModelServerSettings(),
        chunkLength: Int = 65_536
    ) -> Conversation {
        Conversation(ScriptedClient.offering(offer, frames), settings, chunkLength: chunkLength)
    }

    @Test("reads the examples of RFC 7692", arguments: [1, 2, 65_536])
    func examples(chunkLength: Int) {
        let stored: [UInt8] = [0x00, 0x05, 0x00, 0xFA, 0xFF] + Array("Hello".utf8) + [0x00]
        let twoBlocks: [UInt8] = [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00]
        let read = conversation(
            compressed(helloDeflated),
            compressed(Array(helloDeflated[..<3]), fin: false),
            frame(.ping, "p"),
            frame(.continuation, Array(helloDeflated[3...])),
            compressed(helloAgain),
            frame(.text, "Hello"),
            compressed(stored),
            compressed(helloFinal),
            compressed(twoBlocks),
            compressed([0x00]),
            compressed(helloDeflated, .binary),
            close(),
            chunkLength: chunkLength
        )
        #expect(read.texts == ["Hello", "Hello", "Hello", "Hello", "Hello", "Hello", "Hello", "", "Hello"])
        #expect(read.inflated.messages.map(\.opcode) == Array(repeating: .text, count: 8) + [.binary])
        #expect(read.inflated.violations == [])
        #expect(read.frames.filter { $0.opcode == .pong }.map(\.payload) == [Array("p".utf8)])
        #expect(read.closeCode == 1000)
    }

    @Test("answers compressed messages compressed, and others from 16 octets on")
    func choice() {
        let read = conversation(
            compressed([0x00]),
            frame(.text, "fifteen octets."),
            frame(.text, "sixteen octets: "),
            frame(.ping, "a Ping of many octets, in vain"),
            close()
        )
        #expect(read.frames.map(\.rsv) == [4, 0, 4, 0, 0])
        #expect(read.texts == ["", "fifteen octets.", "sixteen octets: "])
        #expect(conversation(frame(.text, "sixteen octets: "), offer: "x-other").frames.map(\.rsv) == [0])
    }

    @Test("keeps to what it agreed to, with every window and either context")
    func agreement() async {
        await Sweep.each(of: 8...15, and: 8...15) { server, client in
            for takeover in [(true, true), (true, false), (false, true), (false, false)] {
                let answer = DeflateAnswer(
                    serverNoContextTakeover: takeover.0,
                    clientNoContextTakeover: takeover.1,
                    serverMaxWindowBits: server,
                    clientMaxWindowBits: client
                )
                var compressor = Compressor(windowBits: client, keepsContext: !takeover.1)
                let frames = [Self.words, Array("Hello".utf8), Self.words, []].map { content in
                    compressed(compressor.compress(content))
                }
                let read = conversation(
                    frames.flatMap(\.self),
                    close(),
                    offer: "permessage-deflate; client_max_window_bits",
                    settings: ModelServerSettings(compression: [answer])
                )
                #expect(read.compression == answer.parameters)
                let messages = read.inflated.messages
                #expect(messages.map(\.content) == [Self.words, Array("Hello".utf8), Self.words, []])
                #expect(messages.allSatisfy { $0.deflated?.isWellFormed == true })
                let reaches = messages.contains { $0.deflated?.reach ?? 0 > 0 }
                #expect(reaches != takeover.0)
                #expect(read.closeCode == 1000)
            }
        }
    }

    @Test(
        "inflates every distance, whatever it agreed to",
        arguments: ["permessage-deflate", "permessage-deflate; server_max_window_bits=8"]
    )
    func distances(offer: String) {
        let long = deflated { $0.appendStored(Array(repeating: 0x61, count: 32_768)) }
        let far = deflated { $0.appendFixed([.match(length: 5, distance: 32_768)]) }
        let read = conversation(compressed(long), compressed(far), close(), offer: offer)
        #expect(read.texts.last == "aaaaa")
    }

    @Test("fails the connection over what cannot be inflated")
    func malformed() async {
        await Sweep.each(of: DeflateDefect.allCases) { defect in
            var writer = DeflateWriter()
            _ = writer.append(defect)
            let read = conversation(compressed(writer.octets, .binary), close())
            #expect(read.closeCode == 1007)
            #expect(read.inflated.messages == [])
        }
    }

    @Test("fails the connection over RSV1 where it has no place, and over text that is not UTF-8")
    func misplaced() {
        let open = compressed(Array(helloDeflated[..<3]), fin: false)
        #expect(conversation(open, frame(.continuation, [], rsv: 4)).closeCode == 1002)
        #expect(conversation(open, frame(.ping, [], rsv: 4)).closeCode == 1002)
        #expect(conversation(frame(.close, [], rsv: 4)).closeCode == 1002)
        #expect(conversation(frame(.text, helloDeflated, rsv: 6)).closeCode == 1002)
        #expect(conversation(compressed(helloDeflated), offer: "x-other").closeCode == 1002)
        let invalid = deflated { $0.appendFixed(DeflateSymbol.literals([0x61, 0xFF])) }
        #expect(conversation(compressed(invalid)).closeCode == 1007)
        #expect(conversation(compressed(invalid, .binary), close()).closeCode == 1000)
        let cut = deflated { $0.appendFixed(DeflateSymbol.literals([0x61, 0xC3])) }
        #expect(conversation(compressed(cut)).closeCode == 1007)
    }

    @Test("applies its limit to what comes out", arguments: [1, 65_536])
    func limit(chunkLength: Int) {
        let settings = ModelServerSettings(maximumMessageLength: 300)
        func code(_ count: Int, fragments: Int = 1) -> UInt16? {
            let payload = deflated { writer in
                writer.appendFixed([.literal(0x61)])
                for start in stride(from: 1, to: count, by: 100) {
                    writer.appendFixed([.match(length: min(100, count - start), distance: 1)])
                }
            }
            let length = (payload.count + fragments - 1) / fragments
            let starts = Array(stride(from: 0, to: payload.count, by: length))
            let frames = starts.map { start in
                let end = min(start + length, payload.count)
                return frame(
                    start == 0 ? .binary : .continuation,
                    Array(payload[start..<end]),
                    fin: end == payload.count,
                    rsv: start == 0 ? 4 : 0
                )
            }
            return conversation(
                frames.flatMap(\.self),
                close(),
                settings: settings,
                chunkLength: chunkLength
            ).closeCode
        }
        #expect(code(297) == 1000)
        #expect(code(300) == 1000)
        #expect(code(304) == 1009)
        #expect(code(300, fragments: 3) == 1000)
        #expect(code(304, fragments: 3) == 1009)
    }

    @Test("takes a payload beyond its limit whose content is not")
    func wireLimit() {
        let payload = deflated { writer in
            for _ in 0..<100 { writer.appendStored([0x61]) }
        }
        let read = conversation(
            compressed(payload),
            close(),
            settings: ModelServerSettings(maximumMessageLength: 100)
        )
        #expect(payload.count > 100)
        #expect(read.texts == [String(repeating: "a", count: 100)])
    }

    @Test("stops at its limit while a bomb goes off")
    func bomb() {
        let payload = deflated { writer in
            writer.appendFixed([.literal(0)] + Array(repeating: .match(length: 258, distance: 1), count: 100_000))
        }
        let read = conversation(
            compressed(payload, .binary),
            settings: ModelServerSettings(maximumMessageLength: 65_536)
        )
        #expect(payload.count < 200_000)
        #expect(read.closeCode == 1009)
    }

    @Test("goes on without compression where no offer is valid")
    func declined() {
        let read = conversation(frame(.text, "sixteen octets: "), close(), offer: "permessage-deflate; foo")
        #expect(read.compression == nil)
        #expect(read.values(of: "Sec-WebSocket-Extensions") == [])
        #expect(read.frames.map(\.rsv) == [0, 0])
        let off = ModelServerSettings(compression: [])
        #expect(conversation(close(), settings: off).values(of: "Sec-WebSocket-Extensions") == [])
    }
}
