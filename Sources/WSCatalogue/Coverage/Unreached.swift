import WSKernels
package import WSProtocol
package import WSScenario

/// Cases that no defect of the model peer makes fail for their subject, with the reasons.
///
/// A test runs the defects and checks the list: a case that a defect reaches must not be in it, and every other case
/// has to be.
package struct Unreached: Sendable {
    /// The role under test.
    package let role: Role
    /// The ids of the cases, in which `*` matches any characters.
    package let cases: [String]
    /// Why no defect reaches them.
    package let reason: String

    /// Creates an entry.
    package init(role: Role, cases: [String], reason: String) {
        self.role = role
        self.cases = cases
        self.reason = reason
    }

    /// Whether the entry contains a scenario.
    package func holds(_ scenario: Scenario) -> Bool {
        scenario.targets.contains(role) && cases.contains { Glob(pattern: $0).matches(scenario.id) }
    }

    /// The entries for this role under test.
    package static func entries(testing role: Role) -> [Unreached] { all.filter { $0.role == role } }

    /// All entries.
    package static let all: [Unreached] = tooLong + ofServers + ofClients

    private static let tooLong: [Unreached] = Role.allCases.map { role in
        Unreached(
            role: role,
            cases: [
                "compression/cut-header-of-64-bits",
                "compression/echo/*/131072-octets*",
                "compression/echo/*/16384-octets*",
                "compression/echo/*/32768-octets*",
                "compression/echo/*/4096-octets",
                "compression/echo/*/65536-octets*",
                "compression/echo/*/8192-octets*",
                "compression/limit/border-of-1-mib",
                "compression/limit/zeros-of-16-mib*",
                "compression/peer-limit/sixteen-times",
            ],
            reason: "Too long to be tried with each defect; shorter ones are, or others with the same blocks."
        )
    }

    private static let ofServers: [Unreached] = [
        Unreached(
            role: .server,
            cases: [
                "extension/no-offer",
                "handshake/response/key-*",
                "handshake/response/sample-key",
            ],
            reason: "A defect of what each 101 has shows in every conversation, and so counts for none."
        ),
        Unreached(
            role: .server,
            cases: [
                "defect/2001-fields-before-upgrade",
                "defect/origin-*",
                "defect/subprotocol-and-declined-extension",
                "extension/spaces-around-equals",
                "handshake/request/1000-fields",
                "handshake/request/authorization",
                "handshake/request/expect-something-unknown",
                "handshake/request/key-with-padding-bits",
                "handshake/request/lines-ended-by-lf",
                "handshake/request/upgrade-before-another",
                "handshake/request/upgrade-behind-an-empty-element",
                "handshake/request/upgrade-behind-another",
                "handshake/request/upgrade-on-a-second-line",
                "subprotocol/in-capitals",
                "subprotocol/repeated-name",
            ],
            reason: "Either answer will do, and no defect gives none."
        ),
        Unreached(
            role: .server,
            cases: [
                "handshake/request/behind-the-101",
                "handshake/request/half-and-fin",
                "handshake/request/half-and-reset",
                "handshake/request/http-0-9",
                "handshake/request/http-2-0",
                "handshake/request/pipelined",
                "handshake/request/random-octets",
                "handshake/request/tls-client-hello",
            ],
            reason: "No defect accepts what is no handshake."
        ),
        Unreached(
            role: .server,
            cases: [
                "closing/fin-idle",
                "closing/fin-inside-frame",
                "closing/fin-inside-message",
                "defect/header-of-512-gib",
                "defect/lengths-that-overflow-in-sum",
                "defect/ping-inside-length/0000000080000000",
                "defect/ping-inside-length/0000000100000000",
                "defect/pong-with-all-length-bits",
                "length/announced-*",
                "length/header-ends-*",
            ],
            reason: "No defect keeps a connection behind a FIN, or answers what has not become a frame."
        ),
        Unreached(
            role: .server,
            cases: [
                "extension/in-capitals",
                "extension/unknown-and-known",
                "handshake/request/expect-100-continue-without-content",
                "handshake/request/host-with-comma",
            ],
            reason: "No defect of the model server is about this yet."
        ),
        Unreached(
            role: .server,
            cases: [
                "utf8/empty",
                "utf8/first-of-length/1",
                "utf8/last-of-length/1",
                "utf8/sample/24",
            ],
            reason: "No defect refuses text that has nothing beyond ASCII."
        ),
        Unreached(
            role: .server,
            cases: [
                "closing/126-octets-in-64-bit",
                "defect/rsv1-*",
                "defect/unmasked-length-fffffffffffffff8",
                "defect/unmasked-length-ffffffffffffffff",
                "opcode/reserved-13-not-final",
                "opcode/reserved-14-126-octets",
            ],
            reason: "The frame breaks two rules at once, and a defect overlooks one."
        ),
        Unreached(
            role: .server,
            cases: [
                "robustness/random-*"
            ],
            reason: "The octets are drawn by chance, and no defect answers what they happen to be."
        ),
        Unreached(
            role: .server,
            cases: [
                "closing/code/1004",
                "closing/code/1016",
                "closing/code/1100",
                "closing/code/1999",
                "closing/code/2000",
                "closing/code/2500",
                "closing/code/2999",
                "closing/invalid-utf8-reason",
                "closing/reason/*-octets-ending-in-3-of-4-octets",
                "closing/reason/122-octets-ending-in-2-*",
                "closing/reason/beyond-unicode",
                "closing/reason/lone-continuation",
                "closing/reason/overlong",
                "closing/reason/surrogate",
                "closing/reason/truncated",
            ],
            reason:
                "What is answered there is tolerated at most, over a duty that only our reading of the text makes a MUST."
        ),
        Unreached(
            role: .server,
            cases: [
                "fragmentation/fragmented-pong"
            ],
            reason: "Who takes the Pong as whole refuses the continuation behind it."
        ),
        Unreached(
            role: .server,
            cases: [
                "closing/behind-unread-echo",
                "closing/flood-behind-violation",
                "defect/lengths-around-32768",
                "handshake/request/end-held-back",
                "length/around-65536-binary",
                "length/around-65536-text",
                "limits/binary/1-mebibyte",
                "limits/binary/16-mebibytes",
                "limits/binary/4-mebibytes",
                "limits/binary/8-mebibytes",
                "limits/chopped-*",
                "limits/fragmented-*",
                "limits/text/1-mebibyte",
                "limits/text/16-mebibytes",
                "limits/text/4-mebibytes",
                "limits/text/8-mebibytes",
                "masking/long-payload-split",
                "ping/10000-at-once",
                "ping/during-unread-echo",
                "utf8/1-mebibyte-of-4-octets",
            ],
            reason: "Too long to run against every defect; the same is tried in smaller sizes."
        ),
    ]

    private static let ofClients: [Unreached] = [
        Unreached(
            role: .client,
            cases: [
                "defect/header-of-512-gib",
                "defect/lengths-that-overflow-in-sum",
                "defect/ping-inside-length/0000000080000000",
                "defect/ping-inside-length/0000000100000000",
                "defect/pong-with-all-length-bits",
                "length/announced-*",
            ],
            reason: "No defect keeps a connection behind a FIN, or answers what has not become a frame."
        ),
        Unreached(
            role: .client,
            cases: [
                "framing/client-*"
            ],
            reason: "No defect keeps the application from sending, or changes what it sends."
        ),
        Unreached(
            role: .client,
            cases: [
                "extension/answered-empty-list-comma",
                "extension/answered-empty-list-nothing",
                "handshake/response/accept-repeated",
                "handshake/response/connection-on-a-second-line",
                "handshake/response/cr-in-value",
                "handshake/response/http-1-0",
                "handshake/response/lf-alone",
                "handshake/response/lines-reversed",
                "handshake/response/message-before-it",
                "handshake/response/nul-in-value",
                "handshake/response/space-before-colon",
                "subprotocol/answered-empty",
                "subprotocol/answered-empty-unasked",
                "subprotocol/answered-in-capitals",
                "subprotocol/answered-with-*",
            ],
            reason: "No defect of the model client is about this yet."
        ),
        Unreached(
            role: .client,
            cases: [
                "utf8/empty",
                "utf8/first-of-length/1",
                "utf8/last-of-length/1",
                "utf8/sample/24",
            ],
            reason: "No defect refuses text that has nothing beyond ASCII."
        ),
        Unreached(
            role: .client,
            cases: [
                "compression/agreed/answered-server-window-8"
            ],
            reason: "A client may refuse the smallest window; other cases are about messages that come back."
        ),
        Unreached(
            role: .client,
            cases: [
                "compression/answer/larger-server-window",
                "compression/answer/no-server-window",
                "compression/answer/server-context",
            ],
            reason: "Who accepts such an answer is tolerated, as no keyword says that a client has to fail over it."
        ),
        Unreached(
            role: .client,
            cases: [
                "handshake/response/folding-*"
            ],
            reason: "Who refuses a folded line is tolerated, as no server may send one."
        ),
        Unreached(
            role: .client,
            cases: [
                "closing/behind-unread-echo",
                "closing/fin-behind-message",
                "closing/flood-behind-violation",
                "defect/lengths-around-32768",
                "defect/short-frames-cut-at-every-place",
                "length/around-65536-binary",
                "length/around-65536-text",
                "limits/binary/1-mebibyte",
                "limits/binary/16-mebibytes",
                "limits/binary/4-mebibytes",
                "limits/binary/8-mebibytes",
                "limits/chopped-*",
                "limits/fragmented-*",
                "limits/text/1-mebibyte",
                "limits/text/16-mebibytes",
                "limits/text/4-mebibytes",
                "limits/text/8-mebibytes",
                "masking/keys-of-4000-pongs",
                "ping/10000-at-once",
                "ping/during-unread-echo",
                "utf8/1-mebibyte-of-4-octets",
            ],
            reason: "Too long to run against every defect; the same is tried in smaller sizes."
        ),
    ]
}

extension Scenario {
    /// Whether no outcome counts against a peer of this role.
    ///
    /// Then only the survival of the target counts, which only a run can observe.
    package func isLeftOpen(testing role: Role) -> Bool {
        let scenario = testing(role)
        return !(scenario.behaviour.map(\.grade) + scenario.closing.map(\.grade)).contains(.violates)
    }

    /// The requirements that a counting finding over the scenario's own outcomes may cite.
    package var decisiveRequirements: Set<String> {
        let behaviour = behaviour.filter { [.violates, .tolerated].contains($0.grade) }.compactMap(\.requirement)
        let closing = closing.filter { [.violates, .tolerated].contains($0.grade) }.compactMap(\.requirement)
        return Set(behaviour + closing + requirements.prefix(1))
    }
}
