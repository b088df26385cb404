import WSProtocol
package import WSScenario

extension Catalogue {
    /// Texts that an implementation cut, refused or let through.
    package enum DefectTexts {
        /// The shortest invalid text that a decoder without checks takes for two letters.
        static let twoOctets: Scenario = .refused(
            "invalid-text-of-two-octets",
            "Text of the octets C3 28",
            .failingText,
            [
                KnownDefect("Mattermost Calls", "CVE-2025-12689"), KnownDefect("Mattermost Calls", "GO-2025-4255"),
            ],
            [.send(FrameToSend(.text, .octets([0xC3, 0x28])))],
            code: 1007
        )

        /// A letter of one octet at which strings end in C.
        static let zeroOctet: Scenario = .echoed(
            "zero-octet-in-text",
            "Text with a zero octet between two letters",
            [KnownDefect("libsoup", "GNOME/libsoup@109bb2f6")],
            [.send(FrameToSend(.text, .octets([0x61, 0x00, 0x62])))],
            [.message(.text, .octets([0x61, 0x00, 0x62]))]
        )

        /// The last letter of Unicode across the borders of common buffers.
        static let bufferBorders: Scenario = {
            let texts = [4096, 65_536].flatMap { border in
                (1...3).map { before -> Payload in
                    let start = [UInt8](repeating: UInt8(ascii: "a"), count: border - before)
                    return .octets(start + [0xF4, 0x8F, 0xBF, 0xBF] + Array("end".utf8))
                }
            }
            return .echoed(
                "letter-across-buffer-borders",
                "Long ASCII texts with a letter of four octets across place 4096 or 65536",
                [
                    KnownDefect("nim-websock", "status-im/nim-websock#85"),
                    KnownDefect("fastwebsockets", "denoland/fastwebsockets#123"),
                ],
                texts.map { .send(FrameToSend(.text, $0)) },
                texts.map { .message(.text, $0) }
            )
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] = [twoOctets, zeroOctet, bufferBorders]
    }
}
