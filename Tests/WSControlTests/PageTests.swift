import Testing
import WSControl
import WSLink
import WSProtocol
import WSRunner
import WSScenario

@Suite("What browsers are told", .timeLimit(.minutes(15)))
struct PageTests {
    @Test("The page comes with a policy that lets it load nothing from elsewhere")
    func page() async throws {
        try await RunningControlServer.open { open in
            let client = await open.send(.http("GET /"))
            #expect(client.status == 200 && client.text.contains("Content-Type: text/html"))
            #expect(client.text.contains("Content-Security-Policy: default-src 'none'"))
            #expect(client.text.lowercased().contains("<!doctype html>"))
            #expect(await open.send(.http("HEAD /")).content.isEmpty)
        }
    }

    @Test("The plan has every case with its number and what its driver has to do")
    func plan() async throws {
        try await RunningControlServer.open { open in
            let client = await open.send(.http("GET /api/plan"))
            #expect(client.status == 200 && client.text.contains("Cache-Control: no-store"))
            let text = String(decoding: client.content, as: UTF8.self)
            #expect(text.hasSuffix(#""token":"secret","tool":{"name":"wsconform","version":"1.2.3"}}"#))
            #expect(
                text.contains(
                    #"{"accepts":true,"action":null,"connections":1,"id":"a/one","needs":"nothing","number":1,"#
                        + #""subprotocols":[],"title":"The first","topic":"a"}"#
                )
            )
            #expect(text.contains(#""action":{"close":{"code":1000,"reason":"enough"}}"#))
        }
    }

    @Test("A result comes as soon as it is there, one that never comes is not waited for without end")
    func result() async throws {
        try await RunningControlServer.open { open in
            async let client = open.send(.http("GET /api/result?case=2&agent=x"))
            let play = ClientRun.Play(number: 1, agent: "x", scenario: "a/two")
            open.controlServer.judged(RunningControlServer.outcome("a/two", "OK"), of: play)
            let text = await String(decoding: client.content, as: UTF8.self)
            #expect(
                text
                    == #"{"durationMilliseconds":1.5,"id":"a/two","reason":"","requirements":[],"verdict":"pass","#
                    + #""wire":["> text"]}"#
            )
        }
        try await RunningControlServer.open(timeout: .milliseconds(250)) { open in
            #expect(await open.send(.http("GET /api/result?case=1&agent=x")).status == 404)
            #expect(await open.send(.http("GET /api/result?case=9&agent=x")).status == 404)
            #expect(await open.send(.http("GET /api/result?case=1")).status == 404)
        }
    }

    @Test("To finish has the reports written and counts every case")
    func finish() async throws {
        try await RunningControlServer.open { open in
            async let client = open.send(.http("POST /api/finish?agent=x&token=secret"))
            for await event in open.controlServer.events {
                guard case .reportsWanted(let pending, agent: "x") = event else { continue }
                let found = WrittenReport.Passive(verdict: "fail", reason: "w", extent: "in 1 of 2", requirement: "R")
                let written = WrittenReport(report: "r.json", summary: ["pass": 1], passive: [found])
                open.controlServer.answer(pending, with: .success(written))
                break
            }
            let text = await String(decoding: client.content, as: UTF8.self)
            let passive = #"{"extent":"in 1 of 2","reason":"w","requirement":"R","verdict":"fail"}"#
            #expect(text == #"{"passive":[\#(passive)],"report":"r.json","summary":{"pass":1}}"#)
            #expect(open.controlServer.run.unplayed(by: "x").count == 3)
        }
    }

    @Test("A case for which the browser opened no connection is told apart from one that was never asked for")
    func unopened() async throws {
        try await RunningControlServer.open { open in
            let number = "-9223372036854775808"
            async let client = open.send(
                .http("POST /api/finish?agent=x&unopened=2,9,no,2,\(number)&token=secret")
            )
            var ended: [String] = []
            for await event in open.controlServer.events {
                if case .ended(let play, let result, _) = event {
                    ended.append(play.scenario)
                    // No connection of this client has ever come, and the case does not let it stay away.
                    #expect(result.status == .inconclusive("the client did not connect to this address"))
                }
                guard case .reportsWanted(let pending, agent: "x") = event else { continue }
                open.controlServer.answer(pending, with: .success(WrittenReport(report: "r.json", summary: [:])))
                break
            }
            #expect(await client.status == 200)
            #expect(ended == ["a/two"])
            #expect(open.controlServer.run.unplayed(by: "x").map(\.id) == ["a/one", "b/close"])
        }
    }

    @Test(
        "Who has not been told the page's word finishes nothing, wherever it comes from, and takes no name",
        arguments: [
            ("GET /api/finish?agent=x&unopened=1,2,3", 405), ("GET /api/finish?agent=x&token=secret", 405),
            ("POST /api/finish?agent=x&unopened=1,2,3", 403), ("POST /api/finish?agent=x&token=other", 403),
            ("HEAD /api/finish?agent=x&token=secret", 405), ("POST /api/finish?agent=x&token=secret&token=other", 403),
        ]
    )
    func forged(line: String, status: Int) async throws {
        try await RunningControlServer.open { open in
            for number in 0..<70 {
                let client = await open.send(.http(line.replacing("agent=x", with: "agent=x\(number)")))
                #expect(client.status == status)
            }
            #expect(open.controlServer.run.agents.isEmpty)
            let close = RawClient.frame(.close, [])
            let real = await open.send(.webSocket("/runCase?case=1&agent=real", afterHead: close))
            #expect(real.status == 101)
        }
    }

    @Test(
        "Pages of others get no answer",
        arguments: [
            ["Host: 127.0.0.1:9001", "Origin: https://evil.example"],
            ["Host: 127.0.0.1:9001", "Origin: null"],
            ["Host: 127.0.0.1:9001", "Origin: http://127.0.0.1:8080"],
            ["Host: 127.0.0.1:9001", "Sec-Fetch-Site: cross-site"],
            ["Host: evil.example:9001", "Origin: http://evil.example:9001"],
            ["Host: evil.example"],
        ]
    )
    func foreign(fields: [String]) async throws {
        try await RunningControlServer.open { open in
            #expect(await open.send(.http("GET /api/plan", fields: fields)).status == 403)
            #expect(await open.note()?.contains("it gets no answer") == true)
        }
    }

    @Test(
        "The page is not shown at a name that may lead elsewhere tomorrow",
        arguments: [
            ("Host: evil.example:9001", 421), ("Host: 127.0.0.1.evil.example", 421),
            ("Host: localhost.evil.example", 421),
            ("Host: 127.0.0.1:9001", 200), ("Host: localhost:9001", 200), ("Host: [::1]:9001", 200),
            ("Host: LOCALHOST", 200), ("X-No-Host: 1", 200),
        ]
    )
    func name(field: String, status: Int) async throws {
        try await RunningControlServer.open { open in
            for path in ["/", "/index.html"] {
                let client = await open.send(.http("GET \(path)", fields: [field]))
                #expect(client.status == status)
                #expect(status == 200 || !String(decoding: client.content, as: UTF8.self).contains("<"))
            }
        }
    }

    @Test(
        "Our own page is answered",
        arguments: [
            ["Host: 127.0.0.1:9001", "Origin: http://127.0.0.1:9001", "Sec-Fetch-Site: same-origin"],
            ["Host: localhost:9001", "Origin: http://localhost:9001"], ["Host: [::1]:9001"],
            ["Host: 192.0.2.7:9001", "Origin: http://192.0.2.7:9001"],
        ]
    )
    func own(fields: [String]) async throws {
        try await RunningControlServer.open { open in
            #expect(await open.send(.http("GET /api/plan", fields: fields)).status == 200)
        }
    }

    @Test(
        "WebSockets of foreign pages are refused, those of this machine and of no page are not",
        arguments: [
            (["Origin: https://evil.example"], 403), (["Origin: null"], 403),
            (["Origin: http://localhost:8080"], 101), (["Origin: http://127.0.0.1:9001"], 101),
            (["Origin: file://"], 403), (["Origin: "], 403), (["Origin: chrome-extension://abcdefgh"], 403),
            (["Origin: moz-extension://abcdefgh"], 403), (["Origin: safari-web-extension://a"], 403),
            (["Origin: app://localhost"], 403),
            (["Origin: http://127.0.0.1:9001", "Origin: https://evil.example"], 403),
            (["Origin: http://127.0.0.1.evil.example"], 403), (["Origin: whatever"], 101), ([], 101),
        ] as [([String], Int)]
    )
    func webSockets(fields: [String], status: Int) async throws {
        try await RunningControlServer.open { open in
            let close = RawClient.frame(.close, [])
            let client = await open.send(.webSocket("/getCaseCount", fields: fields, afterHead: close))
            #expect(client.status == status)
        }
    }

    @Test(
        "Plain HTTP gets one clear line",
        arguments: [
            ("GET /nope", 404, "nothing here; the page is at /\n"),
            ("GET /runCase?case=1&agent=x", 426, "/runCase is a WebSocket; use ws://\n"),
            ("DELETE /", 405, "DELETE is no method here; use GET\n"),
            ("POST /api/plan", 405, "POST is no method here; use GET\n"),
            ("GET /api/finish?agent=x", 405, "GET is no method here; use POST\n"),
        ]
    )
    func plain(line: String, status: Int, content: String) async throws {
        try await RunningControlServer.open { open in
            let client = await open.send(.http(line))
            #expect(client.status == status && String(decoding: client.content, as: UTF8.self) == content)
        }
    }
}
