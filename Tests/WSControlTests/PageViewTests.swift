import Testing
import WSControl
import WSLimits
import WSLink
import WSRunner

@Suite("What pages show and save of the results so far", .timeLimit(.minutes(15)))
struct PageViewTests {
    private static let paths: [(path: String, view: PageView)] = [
        ("/api/causes", .causes), ("/api/report.json", .report), ("/api/report.html", .publication),
    ]

    /// Answers the next request of a page.
    private func answer(
        _ open: RunningControlServer,
        _ view: PageView,
        with document: Result<PageDocument, ReportTrouble>
    ) async -> PageView? {
        for await event in open.controlServer.events {
            guard case .viewWanted(let pending, let wanted, agent: "x") = event else { continue }
            open.controlServer.answer(pending, with: document)
            return wanted
        }
        return nil
    }

    @Test("Each address asks for its own form, which comes as it was made")
    func forms() async throws {
        #expect(Set(Self.paths.map(\.view)) == Set(PageView.allCases))
        for (path, view) in Self.paths {
            try await RunningControlServer.open { open in
                async let client = open.send(.http("GET \(path)?agent=x"))
                let document = PageDocument(contentType: "text/plain; charset=utf-8", octets: Array("<b>".utf8))
                #expect(await answer(open, view, with: .success(document)) == view)
                let answered = await client
                #expect(answered.status == 200 && answered.content == Array("<b>".utf8))
                #expect(answered.text.contains("Content-Type: text/plain; charset=utf-8\r\n"))
                #expect(answered.text.contains("Cache-Control: no-store\r\n"))
                #expect(!answered.text.contains("Content-Disposition"))
            }
        }
    }

    @Test("What is saved has a name, is no page of ours, and may run nothing here")
    func saved() async throws {
        try await RunningControlServer.open { open in
            async let client = open.send(.http("GET /api/report.html?agent=x"))
            let document = PageDocument(contentType: "text/html", fileName: "x.html", octets: Array("<p>".utf8))
            _ = await answer(open, .publication, with: .success(document))
            let text = await client.text
            #expect(text.contains("Content-Disposition: attachment; filename=\"x.html\"\r\n"))
            #expect(text.contains("Content-Security-Policy: default-src 'none'; sandbox; frame-ancestors 'none'\r\n"))
            #expect(text.contains("X-Content-Type-Options: nosniff\r\n"))
        }
    }

    @Test("Where there is nothing to show, one line says why")
    func nothing() async throws {
        try await RunningControlServer.open { open in
            async let client = open.send(.http("GET /api/causes?agent=x"))
            _ = await answer(open, .causes, with: .failure(ReportTrouble("nothing yet")))
            let answered = await client
            #expect(answered.status == 404 && answered.content == Array(#"{"error":"nothing yet"}"#.utf8))
            for (path, _) in Self.paths {
                let nameless = await open.send(.http("GET \(path)"))
                #expect(nameless.status == 404 && nameless.text.contains("give agent=NAME"))
                #expect(await open.send(.http("POST \(path)?agent=x")).status == 405)
            }
        }
    }

    @Test(
        "Pages of others get nothing of it, and nobody is asked to make it",
        arguments: [
            ["Host: 127.0.0.1:9001", "Origin: https://evil.example"], ["Host: 127.0.0.1:9001", "Origin: null"],
            ["Host: 127.0.0.1:9001", "Sec-Fetch-Site: cross-site"], ["Host: evil.example"],
        ]
    )
    func foreign(fields: [String]) async throws {
        try await RunningControlServer.open { open in
            for (path, _) in Self.paths {
                #expect(await open.send(.http("GET \(path)?agent=x", fields: fields)).status == 403)
            }
            #expect(open.controlServer.waitingCount == 0)
        }
    }

    @Test("Too many at a time are told to come again, and places become free")
    func bounded() async throws {
        try await RunningControlServer.open { open in
            let most = Limits.pageDocuments.value
            await withTaskGroup(of: Int.self) { group in
                for _ in 0..<most { group.addTask { await open.send(.http("GET /api/causes?agent=x")).status } }
                var pending: [PendingRequest] = []
                for await event in open.controlServer.events {
                    guard case .viewWanted(let one, _, _) = event else { continue }
                    pending.append(one)
                    if pending.count == most { break }
                }
                let refused = await open.send(.http("GET /api/causes?agent=x"))
                #expect(refused.status == 503 && refused.text.contains("ask again"))
                let document = PageDocument(contentType: "application/json", octets: Array("{}".utf8))
                for one in pending { open.controlServer.answer(one, with: .success(document)) }
                for await status in group { #expect(status == 200) }
            }
            // A place is free as soon as its connection has ended, which both sides see in their own time.
            while open.controlServer.waitingCount > 0 { await Task.yield() }
            async let client = open.send(.http("GET /api/causes?agent=x"))
            let document = PageDocument(contentType: "application/json", octets: Array("{}".utf8))
            _ = await answer(open, .causes, with: .success(document))
            #expect(await client.status == 200)
        }
    }

    @Test("Causes are JSON for the page, with everything that it shows")
    func causes() {
        let cause = CausesText.Cause(
            name: "R/k",
            verdict: "fail",
            impact: "security",
            reason: "</script>",
            extent: "2 cases",
            citation: "RFC 6455 §5.1 MUST",
            sentence: "S",
            why: "W",
            mend: nil,
            isPassive: false,
            isExpected: true,
            cases: ["a/one", "a/two"],
            example: "a/one",
            known: ["p, q#1"]
        )
        let text = CausesText(
            judged: 2,
            isOver: true,
            causes: [cause],
            others: 0,
            again: ["wsconform client --cases ", " --out x"],
            revised: ["b/close": CausesText.Revision(verdict: "unimplemented", reason: "r")]
        )
        #expect(
            String(decoding: text.document.octets, as: UTF8.self)
                == #"{"again":["wsconform client --cases "," --out x"],"causes":[{"cases":["a/one","a/two"],"#
                + #""citation":"RFC 6455 §5.1 MUST","example":"a/one","extent":"2 cases","impact":"security","#
                + #""isExpected":true,"isPassive":false,"known":["p, q#1"],"name":"R/k","reason":"</script>","#
                + #""sentence":"S","verdict":"fail","why":"W"}],"isOver":true,"judged":2,"others":0,"#
                + #""revised":{"b/close":{"reason":"r","verdict":"unimplemented"}}}"#
        )
        #expect(text.document.contentType == "application/json" && text.document.fileName == nil)
    }
}
