import TestSupport
import Testing
import WSAutobahnSpec
import WSLimits

private func spec(_ text: String, _ mode: FuzzingMode = .client) throws(SpecError) -> AutobahnSpec {
    try AutobahnSpec(Array(text.utf8), for: mode)
}

private func problem(_ text: String, _ mode: FuzzingMode = .client) -> String {
    do throws(SpecError) {
        _ = try spec(text, mode)
        return ""
    } catch {
        return error.description
    }
}

@Suite struct `Spec files` {
    @Test func `One server with excluded cases`() throws {
        let read = try spec(
            """
            {
                "outdir": "./reports/servers",
                "servers": [{"agent": "mine", "url": "ws://127.0.0.1:9001", "options": {"version": 18}}],
                "cases": ["*"],
                "exclude-cases": ["9.*", "12.*", "13.*"],
                "exclude-agent-cases": {}
            }
            """
        )
        #expect(read.servers == [AutobahnSpec.Server(url: "ws://127.0.0.1:9001", agent: "mine")])
        #expect(read.outdir == "./reports/servers" && read.notes == [] && !read.servers[0].options.failByDrop)
        let numbers = ["1.1.1", "9.1.1", "10.1.1", "12.1.1"]
        #expect(try read.selection.numbers(of: numbers) == ["1.1.1", "10.1.1"])
    }

    @Test func `failByDrop is that of the server, else of the file, else false`() throws {
        let read = try spec(
            """
            {"servers": [{"url": "ws://a/r", "options": {"failByDrop": false, "version": 17}}, {"url": "ws://a/c"}],
             "options": {"failByDrop": true}, "enable-ssl": false, "cases": ["*"]}
            """
        )
        #expect(read.servers.map(\.options.failByDrop) == [false, true] && read.options.failByDrop)
        #expect(read.notes == [])
    }

    @Test func `A fuzzing server with an exclusion for agents`() throws {
        let read = try spec(
            """
            {"url": "ws://127.0.0.1:9001", "webport": 8080, "outdir": "./reports/clients", "protocols": ["a"],
             "cases": ["1.*"], "exclude-agent-cases": {"Chrome*": ["1.2.*"], "*": ["1.1.8"]}}
            """,
            .server
        )
        #expect(read.url == "ws://127.0.0.1:9001" && read.protocols == ["a"] && read.notes == [])
        #expect(read.selection.excludes("1.2.3", for: "Chrome/18.0") && read.selection.excludes("1.1.8", for: "any"))
        #expect(!read.selection.excludes("1.2.3", for: "chrome") && !read.selection.excludes("1.1.1", for: "Chrome"))
    }

    @Test func `A byte order mark, escapes and letters of all kinds are read`() throws {
        let read = try spec(
            "\u{FEFF}{\"servers\":[{\"url\":\"ws:\\/\\/h\",\"agent\":\"\\u00e9\\ud83d\\ude00é\\n\"}],\"cases\":[]}"
        )
        #expect(read.servers == [AutobahnSpec.Server(url: "ws://h", agent: "é😀é\n")])
    }

    @Test func `The file that is written where there is none selects every case`() throws {
        let server = try spec(AutobahnSpec.standard(for: .server, url: "ws://127.0.0.1:9\"\\"), .server)
        #expect(server.url == "ws://127.0.0.1:9\"\\" && server.outdir == "./reports/clients" && server.notes == [])
        let client = try spec(AutobahnSpec.standard(for: .client))
        #expect(client.servers.map(\.url) == ["ws://127.0.0.1:9001"])
        #expect(try client.selection.numbers(of: ["2.1", "13.7.18"]).count == 2)
    }
}

@Suite struct `What a spec file asks for and does not get` {
    private static let rest = #""servers": [], "cases": ["*"]}"#

    @Test(
        arguments: [
            (
                #"{"exclude_cases": [], "#,
                "line 1: unknown key 'exclude_cases' is left aside; did you mean 'exclude-cases'?"
            ),
            (#"{"_comment": 1, "#, "line 1: unknown key '_comment' is left aside"),
            (
                "{\n\"enable-ssl\": true, ",
                "line 2: 'enable-ssl' is not used: TLS is spoken where the address is wss://"
            ),
            (
                #"{"options": {"maxFramePayloadSize": 10}, "#,
                "line 1: 'options.maxFramePayloadSize' is not done: wsconform works as if it were not there"
            ),
            (
                #"{"options": {"failbydrop": true}, "#,
                "line 1: unknown key 'options.failbydrop' is left aside; did you mean 'options.failByDrop'?"
            ),
            (
                #"{"options": {"maskServerFrames": true}, "#,
                "line 1: 'options.maskServerFrames' is an option of fuzzingserver and has no effect here"
            ),
            (
                #"{"options": {"version": 10}, "#,
                "line 1: 'options.version' is that of a draft; RFC 6455 (18) is spoken"
            ),
        ]
    )
    func `It is one line that names it`(start: String, line: String) throws {
        #expect(try spec(start + Self.rest).notes == [line])
    }

    @Test(
        arguments: [
            (#"{"servers": [],\n"excludecases": []}"#, "needs the key 'cases'; add \"cases\": [\"*\"] for all of them"),
            (#"{"cases": ["foo"],\n"excludecases": [], "servers": []}"#, "is no pattern of case numbers"),
            (#"{"outdir": 1,\n"exclude_cases": [], "cases": []}"#, "'outdir' is a number; write a string"),
        ]
    )
    func `A misspelt key is told beside whatever else is wrong`(text: String, problem: String) throws {
        let text = text.replacing("\\n", with: "\n")
        let error = #expect(throws: SpecError.self) { try spec(text) }
        let description = try #require(error?.description)
        #expect(description.contains(problem), "\(description)")
        #expect(description.hasSuffix("is left aside; did you mean 'exclude-cases'?"), "\(description)")
        #expect(description.contains("; line 2: unknown key 'exclude"), "\(description)")
    }

    @Test func `An exclusion for agents of whom none was tested is told with those that were`() throws {
        let read = try spec(
            #"{"servers": [], "cases": ["*"], "exclude-agent-cases": {"ws-*": ["7.*"], "node": ["1.*"], "x*": []}}"#
        )
        #expect(
            read.selection.notes(aboutAgents: ["ws-echo", "Node"]) == [
                "'node' of 'exclude-agent-cases' means no agent that was tested, and leaves nothing out; write one of ws-echo, "
                    + "Node, or a pattern with stars"
            ]
        )
    }

    @Test func `Options with Autobahn's own values and keys that it does not read need no line`() throws {
        let read = try spec(
            #"""
            {"options": {"openHandshakeTimeout": 5, "closeHandshakeTimeout": 1.0, "applyMask": true, "tcpNoDelay": null},
             "webport": 8080, "echo": true, "url": "ws://other", "key": "k.pem", "cert": "c.pem",
             "servers": [{"url": "ws://a", "hostname": "b", "agent": null, "origin": null}], "cases": ["*"]}
            """#
        )
        #expect(read.notes == [] && read.url == nil)
    }

    @Test func `A fuzzing server's key and certificate are files, and nothing where they are empty`() throws {
        let read = try spec(#"{"url": "wss://h:1", "key": "k", "cert": "c", "cases": []}"#, .server)
        #expect(read.notes == [] && read.key == "k" && read.certificate == "c")
        let empty = try spec(#"{"url": "wss://h:1", "key": "", "cert": null, "cases": []}"#, .server)
        #expect(empty.notes == [] && empty.key == nil && empty.certificate == nil)
        #expect(throws: SpecError.self) { try spec(#"{"url": "wss://h:1", "key": 1, "cases": []}"#, .server) }
    }

    @Test func `Very many lines are counted`() throws {
        let keys = (0..<(Limits.specNotes.value + 7)).map { "\"key\($0)\": 1, " }.joined()
        let notes = try spec("{" + keys + Self.rest).notes
        #expect(notes.count == Limits.specNotes.value + 1 && notes.last == "7 more lines like these are left out")
    }

    @Test func `Patterns that mean no case are named, and one that has nothing left is an error`() throws {
        let read = try spec(#"{"servers": [], "cases": ["1.*", "7.99.1"], "exclude-cases": ["8.*"]}"#)
        let notes = read.selection.notes(about: ["1.1.1"])
        #expect(notes == ["Autobahn has no case '7.99.1'", "'8.*' matches no case of Autobahn's"])
        let empty = try spec(#"{"servers": [], "cases": ["1.*"], "exclude-cases": ["1*"]}"#)
        let error = #expect(throws: SpecError.self) { try empty.selection.numbers(of: ["1.1.1"]) }
        #expect(
            error?.description
                == "nothing to run: 'cases' is 1.* without 1*, which leaves no case; [\"*\"] is all of them"
        )
    }
}

@Suite struct `Broken spec files` {
    @Test(
        arguments: [
            ("", "line 1, column 1: the end of the file where a value should stand; this is no JSON"),
            (
                "{\n  \"cases\": [\"*\",],\n}",
                "line 2, column 17: ']' where a value should stand; drop the comma before it"
            ),
            ("{\"é\": 1,\n}", "line 2, column 1: '}' where a key should stand; drop the comma before it"),
            ("{'cases': []}", "line 1, column 2: ''' where a key should stand; write it in double quotes"),
            ("{\"cases\" []}", "line 1, column 10: '[' where a colon should stand behind 'cases'"),
            ("{\"a\": \"b\n\"}", "line 1, column 9: the end of the line within a string; close it with a double quote"),
            ("{\"a\": \"b", "line 1, column 7: a string that does not end; close it with a double quote"),
            ("// x\n{}", "line 1, column 1: '/' where a value should stand; this is no JSON"),
            ("{} {}", "line 1, column 4: something follows the end of the JSON value; drop it"),
            ("{\"a\": 01}", "line 1, column 7: '01' is no number of JSON"),
            (
                "{\"a\": \"\\x\"}",
                "line 1, column 8: a backslash before a character that needs none; write \\\\ for a backslash"
            ),
            ("[]", "line 1, column 1: the spec is a list; write an object in braces"),
            (
                "{\"cases\": \"*\"}",
                "line 1, column 11: 'cases' is a string; write a list of patterns, such as [\"1.*\", \"7.3.2\"]"
            ),
            (
                "{\"cases\": [\"[1-3].*\"]}",
                "line 1, column 12: '[1-3].*' in 'cases' is no pattern of case numbers; write digits, dots and stars, such as 9.1.*"
            ),
            ("{\"cases\": [7]}", "line 1, column 12: 'an element of cases' is a number; write a string"),
            ("{\"cases\": [], \"cases\": []}", "line 1, column 15: the key 'cases' is there twice; drop one of them"),
            (
                "{\"servers\": []}",
                "line 1, column 1: fuzzingclient needs the key 'cases'; add \"cases\": [\"*\"] for all of them"
            ),
            (
                "{\"servers\": [{}], \"cases\": []}",
                "line 1, column 14: a server without 'url'; add \"url\": \"ws://HOST:PORT\""
            ),
            (
                "{\"options\": {\"failByDrop\": 1}}",
                "line 1, column 28: 'options.failByDrop' is a number; write true or false"
            ),
            (
                "{\"options\": {\"version\": 19}}",
                "line 1, column 25: there is no 'options.version' 19; write 18, which is RFC 6455"
            ),
            ("{\"outdir\": \"\"}", "line 1, column 12: 'outdir' is empty; name a folder"),
            (
                #"{"servers": [{"url": "ws://h", "origin": "a\r\nb: c"}]}"#,
                "line 1, column 42: 'origin' has a control character; drop it"
            ),
            (
                #"{"servers": [{"url": "ws://h", "protocols": ["a b"]}]}"#,
                "line 1, column 46: 'a b' is no subprotocol, which is one token without blanks or commas"
            ),
        ]
    )
    func `The line names the place, the culprit and what to do`(text: String, line: String) {
        #expect(problem(text) == line)
    }

    @Test func `A fuzzing server needs an address`() {
        let line = "line 1, column 1: fuzzingserver needs the key 'url'; add \"url\": \"ws://127.0.0.1:9001\""
        #expect(problem(#"{"cases": []}"#, .server) == line)
    }

    @Test func `Size, nesting and the number of servers are bounded`() {
        let long = "[" + String(repeating: " ", count: Limits.specFile.value) + "]"
        #expect(problem(long) == "line 1, column 1: the file exceeds \(Limits.specFile)")
        let deep = String(repeating: "[", count: 100_000)
        #expect(problem(deep).hasSuffix("it exceeds \(Limits.specDepth)"))
        let servers = String(repeating: #"{"url": "ws://h"},"#, count: Limits.specServers.value) + #"{"url": "ws://h"}"#
        #expect(
            problem(#"{"cases": [], "servers": [\#(servers)]}"#).hasSuffix(
                "it exceeds \(Limits.specServers); write several files"
            )
        )
    }

    @Test func `No beginning of a file, and no file with a spoiled octet, is more than an error`() {
        let text = Array(
            #"{"servers":[{"url":"ws://h","agent":"\u00e9\ud83d"}],"cases":["1.*"],"options":{"version":1.8e1}}"#.utf8
        )
        for end in text.indices {
            #expect(throws: SpecError.self) { try AutobahnSpec(Array(text[..<end]), for: .client) }
            for octet: UInt8 in [0, 0x22, 0x5C, 0x80, 0xFF, 0x7B, 0x2C] {
                var spoiled = text
                spoiled[end] = octet
                _ = try? AutobahnSpec(spoiled, for: .client)
            }
        }
    }
}

@Suite struct `Modes of wstest` {
    @Test func `Those that are not done name the command that replaces them`() {
        for name in ["echoclient", "testeeclient", "broadcastserver", "massconnect", "serializer", "wsperfcontrol"] {
            guard case .replaced(let line) = WstestMode(named: name) else {
                Issue.record("\(name) is done")
                continue
            }
            #expect(line.hasPrefix("mode '\(name)' is not done; ") && line.contains("wsconform "))
        }
        #expect(WstestMode.done.allSatisfy { WstestMode(named: $0) != nil })
        #expect(WstestMode(named: "fuzzing") == nil && WstestMode(named: "echoserver") == .echo)
    }
}
