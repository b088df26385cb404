import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// Rules about TLS, which look at every conversation over it.
@Suite struct `The rules about TLS` {
    private static let security = TranscriptSecurity(version: "TLS 1.3", applicationProtocol: "http/1.1")

    /// A Ping that is answered, and an ordinary closing, whose end is this one.
    private func findings(
        _ security: TranscriptSecurity?,
        _ end: TranscriptEnd,
        sendingBehindClose: Bool = false
    ) -> [Finding] {
        var recording = Recording(Catalogue.the("ping/empty"))
        if let security { recording.mark(.secured(security)) }
        recording.receive(Recording.acceptance.encode())
        recording.mark(.opened)
        recording.sendScript()
        recording.receive(.pong)
        recording.sendClose(1000)
        if sendingBehindClose { recording.send(.ping) }
        recording.receiveClose(1000)
        recording.end(end)
        return recording.judgement.findings
    }

    @Test func `close_notify comes before the end of TCP, where TLS is spoken and nothing of ours was left unread`() {
        let found = findings(Self.security, .truncated)
        #expect(found.map(\.requirement) == ["RFC8446-6.1-01"])
        #expect(found.first?.verdict == .fail && found.first?.reasonKey == ReasonKey.closureAlertMissing.rawValue)
        #expect(findings(Self.security, .finished).isEmpty)
        #expect(findings(nil, .truncated).isEmpty)
        #expect(!findings(Self.security, .truncated, sendingBehindClose: true).contains { $0.rule == "closure-alert" })
    }

    @Test(arguments: [(String?.none, false), ("http/1.1", false), ("h2", true), ("unknown", true)])
    func `what a server chose is what it speaks`(chosen: String?, isFound: Bool) {
        let found = findings(TranscriptSecurity(version: "TLS 1.2", applicationProtocol: chosen), .finished)
        #expect(found.map(\.requirement) == (isFound ? ["RFC7301-3.2-03"] : []))
    }

    @Test(
        arguments: [
            ("wss://localhost:9443/", "localhost", nil), ("wss://localhost:9443/", "LOCALHOST", nil),
            ("wss://localhost:9443/", "other.example", "RFC6455-4.1-17"),
            ("wss://localhost:9443/", nil, "RFC6455-4.1-17"),
            ("wss://127.0.0.1:9443/", nil, nil), ("wss://127.0.0.1:9443/", "127.0.0.1", "RFC6066-3-02"),
            ("wss://[::1]:9443/", nil, nil), ("wss://[::1]:9443/", "::1", "RFC6066-3-02"),
        ] as [(String, String?, String?)]
    )
    func `a client names the host of the address, unless that is an address of IP`(
        url: String,
        name: String?,
        requirement: String?
    ) {
        let host = url.dropFirst("wss://".count).dropLast()
        let lines = ClientRecording.lines.map { $0.hasPrefix("Host:") ? "Host: \(host)" : $0 }
        var recording = ClientRecording(Catalogue.the("ping/empty"), lines: nil, url: url)
        recording.mark(.secured(TranscriptSecurity(version: "TLS 1.3", serverName: name)))
        recording.receive(Array((lines + ["", ""]).joined(separator: "\r\n").utf8))
        recording.answer()
        recording.sendScript()
        recording.receive(.pong)
        recording.send(.close, [3, 0xE8])
        recording.receiveClose(1000)
        recording.end()
        let found = recording.judgement.findings.filter { $0.rule == "server-name" }
        #expect(found.map(\.requirement) == [requirement].compactMap(\.self))
    }
}
