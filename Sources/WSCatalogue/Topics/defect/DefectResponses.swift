package import WSScenario

extension Catalogue {
    /// Answers to a client's opening handshake over which a client has stumbled, and that no other scenario has.
    package enum DefectResponses {
        /// Responses of a size that overran a client's buffer.
        static let sizes: [Scenario] = [
            Scenario.answer(
                "defect/404-with-2-kib",
                "404 with 2 KiB of content in one segment",
                nil,
                ["RFC6455-4.1-41"],
                references: [espIDF],
                sends: ResponseTemplate.line("HTTP/1.1 404 Not Found").beginning("Content-Length: 2048")
                    .followed(by: pongs).response(),
                .mustFail("took an answer with 404 for a WebSocket connection, which only 101 begins (RFC 6455, 4.1)")
                    .because(.acceptedOtherStatus)
            ),
            Scenario.answer(
                "defect/101-of-2-kib",
                "101 with a field of 2 KiB",
                nil,
                ["RFC9110-5.1-02"],
                references: [espIDF],
                sends: ResponseTemplate.adding("X-Long: {padding}").padded(with: .repeating("x", length: 2048))
                    .response(),
                .mustAccept("a field of two thousand octets is nothing out of the ordinary (RFC 6455, 4.1)").because(
                    .refusedLongField
                )
            ),
        ].map { $0.with(.regression) }

        /// Every scenario of this file.
        package static let all: [Scenario] = sizes

        /// 2 KiB that a client which reads on takes for Pongs, so that no answer to them is due.
        private static let pongs = [[UInt8]](repeating: [0x8A, 0x00], count: 1024).flatMap(\.self)

        private static let espIDF = KnownDefect("ESP-IDF", "espressif/esp-idf#14184", about: ["RFC6455-10.7-01"])
    }
}
