extension Catalogue {
    /// Requirements that may fail a peer although no keyword of RFC 2119 states them, each with the reason.
    ///
    /// Every other requirement behind a `violates` outcome is an explicit MUST or MUST NOT; missing any other
    /// requirement is tolerated at most. A test checks the catalogue against this.
    package static let hardWithoutKeyword: [String: String] = [
        "RFC6455-4.1-57":
            "4.1 lists all that a client fails a connection for, each as a MUST, and says that the connection is "
            + "open where nothing of it applies; no step is left that would let a client refuse a valid answer.",
        "RFC6455-5.4-01": framesOfMessage,
        "RFC6455-5.4-02": framesOfMessage,
        "RFC6455-7.3-03": "7.3 has a connection ended through the closing handshake; without a Close frame and without "
            + "an error of ours, the end of TCP is a crash or a cut-off (1006 in 7.1.5), whatever its cause.",
        "RFC6455-7.4.2-01": "7.4.2 rules 0 to 999 out without exception and without a registry, so that a Close frame "
            + "with such a code is malformed whoever sends it.",
        "RFC6455-8.1-04": "8.1 fails a connection over octets that are not UTF-8, and RFC 3629 says which are; a "
            + "message of other octets has to be received (5.4).",
        "RFC7692-7.2.2-11":
            "7.2.2 has one way to decompress a message, and what is not DEFLATE has no content by it; RFC 6455, 10.7 "
            + "obliges to validate what comes in, so that no reading is left but to fail the connection.",
        "RFC8441-3-03":
            "Section 3 lets a client use :protocol once it has received a 1, and RFC 9113, 8.3 leaves it undefined "
            + "before.",
        "RFC8441-5-06":
            "Section 5 has :protocol take the place of Sec-WebSocket-Accept; who waits for it opens no WebSocket at "
            + "all.",
        "RFC8441-5-10":
            "Section 5 shows a 200 for a valid Extended CONNECT, and RFC 9110, 9.3.6 says that any 2xx is success; the "
            + "run's control got one for the same request, so that a variation without a meaning leaves no reason to "
            + "refuse it.",
        "RFC8441-5-11":
            "RFC 9110, 9.3.6 says that a 2xx opens the tunnel and that any other response leaves none; a client that "
            + "sees it otherwise talks to nobody.",
        "RFC9112-6.3-04": "6.3 says to the octet where a request ends; who takes its content for frames reads what "
            + "nobody sent, although incoming data is parsed as the frames of 5.2 (RFC 6455, 6.2).",
    ]

    private static let framesOfMessage =
        "5.4 lists the only frame sequences that make up a message, and 10.7 obliges to validate what comes in: a "
        + "continuation without a message before it has no reading left."
}
