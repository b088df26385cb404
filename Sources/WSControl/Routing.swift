import WSLink
import WSProtocol
import WSRunner
import WSScenario

/// Decides which machine answers a request.
struct Routing {
    let controlServer: ControlServer

    /// The answer to a request.
    enum Route {
        /// Play this case.
        case conversation(ClientRun.Play, Scenario)
        /// Accept the handshake and open a control connection.
        case control(ControlMachine.Purpose, HandshakeResponse)
        /// Answer in plain HTTP.
        case page(PageMachine.Purpose)
    }

    private var plan: ClientPlan { controlServer.settings.plan }

    /// Chooses the machine for this request.
    func route(_ request: HTTPHead) -> Route {
        let line = RequestLine(request)
        let target = RequestTarget(line?.target ?? "/")
        guard asksForWebSocket(request) else { return .page(plain(request, line, target)) }
        let origin = Origin(request, allowed: controlServer.settings.allowedOrigins)
        guard !origin.isForeign else {
            let name = origin.text.prefix(100)
            controlServer.note(
                .foreign,
                "a page of \(name) wants to drive this run and may not; allow it with --allow-origin"
            )
            return .page(.answer(.line(403, "pages of \(name) may not drive this run")))
        }
        return webSocket(request, target)
    }

    /// Whether the request is meant as an opening handshake, however malformed it is.
    private func asksForWebSocket(_ request: HTTPHead) -> Bool {
        request.tokens(of: "Upgrade").contains { $0.lowercased() == "websocket" }
            || !request.fields(named: "Sec-WebSocket-Key").isEmpty
    }

    // MARK: - Autobahn's interface

    private func webSocket(_ request: HTTPHead, _ target: RequestTarget) -> Route {
        let isExpected = controlServer.admission == .expected
        let hasStrayed =
            isExpected ? asksForCases(target) && controlServer.stray(.asksForCases) : hasInterfaceInQuery(target)
        if isExpected, !target.hasQuery, let scenario = controlServer.awaited(atPath: target.path) {
            controlServer.stray(.droppedQuery)
            return play(scenario)
        }
        let isLeftOut = isLeftOut(target)
        if !isLeftOut, let target = targetToPlay(target) {
            // A driver is restarted in another mode at once, so what it plays until then must not count.
            guard !hasStrayed else {
                let line = "this is the address of one case, and no driver's to put a path behind"
                return .page(.answer(.line(503, line)))
            }
            return play(target)
        }
        let assessment = HandshakeRules.checkRequest(request)
        guard assessment.isAcceptable else {
            let why = assessment.problems.first.map(\.detail) ?? "it is malformed"
            controlServer.note(.notUpgraded, "the handshake for \(target.path.prefix(60)) is refused: \(why)")
            return .page(.answer(.bare(assessment.status)))
        }
        guard let purpose = isLeftOut ? .dismissal : purpose(of: target) else { return .page(.answer(.bare(500))) }
        if purpose.endsRun, controlServer.admission == .expected {
            let line = "a command is started for each case here, and a client cannot end the run"
            controlServer.note(.stop, "the client asks for \(target.path): \(line)")
            return .page(.answer(.line(403, line)))
        }
        let answer = HandshakeResponse.accepting(
            key: assessment.key ?? "",
            extraFields: [HTTPField("Server", "\(controlServer.settings.tool)/\(controlServer.settings.version)")]
        )
        return .control(purpose, answer)
    }

    /// Whether the request is for a case that is left out for its client; Autobahn opens the connection and closes it.
    private func isLeftOut(_ target: RequestTarget) -> Bool {
        guard let target = targetToPlay(target), let agent = target.value("agent") ?? controlServer.defaultAgent,
            let scenario = target.value("case").flatMap({ Int($0) }).flatMap({ plan.scenario(number: $0) })
                ?? target.value("casetuple").flatMap({ plan.scenario(named: $0) })
        else { return false }
        return plan.isLeftOut(scenario, agent)
    }

    /// The target with the case to play; nil if the request is for something else.
    private func targetToPlay(_ target: RequestTarget) -> RequestTarget? {
        switch target.path {
        case "/runCase": return target
        // Some cases have a client open the address of a case without its path.
        case "/" where target.parameters["casetuple"] != nil || target.parameters["case"] != nil: return target
        case let path where path.hasPrefix(Self.casePath):
            return RequestTarget(withCaseIn: path.dropFirst(Self.casePath.count), target)
        default: return nil
        }
    }

    /// Whether a client that got the address of one case uses Autobahn's interface instead.
    private func asksForCases(_ target: RequestTarget) -> Bool {
        target.path != "/runCase" && Self.interface.contains { target.path.hasSuffix($0) }
            || hasInterfaceInQuery(target)
            // Our addresses name cases, so a client that counts them has not used our address.
            || target.parameters["case"] != nil
    }

    /// Whether a driver appended a path of the interface to the address of a case, so that it is in the query.
    private func hasInterfaceInQuery(_ target: RequestTarget) -> Bool {
        guard target.parameters["casetuple"] != nil else { return false }
        return target.parameters.values.joined().contains { value in Self.interface.contains { value.contains($0) } }
    }

    private static let interface = ["/getCaseCount", "/getCaseInfo", "/getCaseStatus", "/updateReports", "/runCase?"]

    /// The path that names a case and a client without a query, for clients that drop queries.
    static let casePath = "/case/"

    /// The purpose of a control connection; nil if its parameters are wrong, which is answered with 500.
    private func purpose(of target: RequestTarget) -> ControlMachine.Purpose? {
        switch target.path {
        case "/getCaseCount": return .answer(Array("\(plan.countedCases)".utf8))
        case "/getCaseInfo":
            guard let scenario = scenario(target) else { return nil }
            return .answer(
                ControlJSON.caseInfo(id: scenario.autobahn?.number ?? scenario.id, description: scenario.title)
            )
        case "/getCaseStatus":
            guard let scenario = scenario(target), let agent = agent(target) else { return nil }
            return .status(agent: agent, scenario: scenario.id)
        case "/updateReports":
            guard let agent = agent(target) else { return nil }
            let word = target.value("shutdownOnComplete")?.lowercased()
            return .reports(agent: agent, endsRun: word == "true" || word == "yes" || word == "1")
        case "/stopServer": return .stop
        case "/": return .commandsAtRoot
        default: return .commands
        }
    }

    private func play(_ target: RequestTarget) -> Route {
        guard let scenario = scenario(target), let agent = agent(target) else { return .page(.answer(.bare(500))) }
        return play(scenario, agent: agent)
    }

    private func play(_ scenario: Scenario, agent: String? = nil) -> Route {
        // If a command was started for a case, its connection is that command's, whatever name it gives.
        let name = controlServer.admission == .expected ? controlServer.defaultAgent : nil
        switch controlServer.begin(scenario, agent: name ?? agent ?? "") {
        case .play(let play, _): return .conversation(play, scenario)
        case .refuse(let line): return .page(.answer(.line(503, line)))
        }
    }

    /// The case that is asked for; a number is tried before a name, as in Autobahn.
    private func scenario(_ target: RequestTarget) -> Scenario? {
        if let number = target.value("case") {
            if let scenario = Int(number).flatMap({ plan.scenario(number: $0) }) { return scenario }
            controlServer.note(
                .unknown,
                "a client asks for case \(number.prefix(40)), and there are \(plan.scenarios.count), counted from 1"
            )
            return nil
        }
        if let name = target.value("casetuple") {
            if let scenario = plan.scenario(named: name) { return scenario }
            controlServer.note(.unknown, "a client asks for case '\(name.prefix(80))', which is not among the selected")
            return nil
        }
        let address = target.path.prefix(40)
        let hint =
            target.hasQuery
            ? "add case=NUMBER"
            : "add ?case=NUMBER&agent=NAME; if its address has that, the client has dropped the query (RFC 6455, 3), "
                + "and /case/NAME/ID is an address without one"
        controlServer.note(.unknown, "a client asks for \(address) without a case; \(hint)")
        return nil
    }

    private func agent(_ target: RequestTarget) -> String? {
        if let agent = target.value("agent") ?? controlServer.defaultAgent { return agent }
        controlServer.note(
            .unknown,
            "a client asks for \(target.path.prefix(40)) without its name; add agent=NAME, or give --agent"
        )
        return nil
    }

    // MARK: - Plain HTTP

    private func plain(_ request: HTTPHead, _ line: RequestLine?, _ target: RequestTarget) -> PageMachine.Purpose {
        guard let line else { return .answer(.line(400, "this is wsconform, and that was no HTTP request")) }
        let origin = Origin(request, allowed: controlServer.settings.allowedOrigins)
        if target.path.hasPrefix("/api/"), !origin.isOurOwn {
            let page = origin.text.prefix(100)
            controlServer.note(.foreign, "a page of \(page) asks for \(target.path); it gets no answer")
            return .answer(.error(403, "only the page of this very address is answered"))
        }
        let isFinish = target.path == "/api/finish"
        guard isFinish ? line.method == "POST" : line.method == "GET" || line.method == "HEAD" else {
            let method = line.method.prefix(20)
            return .answer(.line(405, "\(method) is no method here; use \(isFinish ? "POST" : "GET")"))
        }
        // Pages of others may send no origin, but they do not know the token.
        guard !isFinish || target.value("token") == controlServer.settings.token else {
            let line = "somebody who is not our page wants to finish for a client; nothing is finished"
            controlServer.note(.foreign, line)
            return .answer(.error(403, "this is not the page that the run has handed out; load it again"))
        }
        switch target.path {
        case "/" where origin.otherName != nil, "/index.html" where origin.otherName != nil:
            let name = (origin.otherName ?? "").prefix(100)
            controlServer.note(.foreign, "a browser asks for the page at the name \(name); open it at the address")
            return .answer(
                .line(421, "this is not \(name); open the page at the address, or allow that one with --allow-origin")
            )
        case "/", "/index.html": return .answer(.page(PackageResources.index_html))
        case "/api/plan": return .answer(.json(200, ControlJSON.text(PlanText(controlServer.settings))))
        case "/api/result":
            guard let agent = target.value("agent"), let scenario = pageScenario(target) else {
                return .answer(.error(404, "no such case; give case=NUMBER and agent=NAME"))
            }
            return .outcome(agent: agent, scenario: scenario.id)
        case "/api/causes": return view(.causes, target)
        case "/api/report.json": return view(.report, target)
        case "/api/report.html": return view(.publication, target)
        case "/api/finish":
            guard let agent = target.value("agent") else { return .answer(.error(404, "give agent=NAME")) }
            controlServer.triedAll(agent)
            for number in target.value("unopened")?.split(separator: ",") ?? [] {
                guard let scenario = Int(number).flatMap({ plan.scenario(number: $0) }) else { continue }
                controlServer.neverConnected(from: scenario, agent: agent)
            }
            return .reports(agent: agent)
        case "/runCase", "/getCaseCount", "/getCaseInfo", "/getCaseStatus", "/updateReports", "/stopServer":
            let scheme = controlServer.settings.scheme
            let what = "plain HTTP asks for \(target.path), which is a WebSocket"
            controlServer.note(.notUpgraded, "\(what): use \(scheme)://")
            return .answer(.line(426, "\(target.path) is a WebSocket; use \(scheme)://"))
        default: return .answer(.line(404, "nothing here; the page is at /"))
        }
    }

    private func view(_ view: PageView, _ target: RequestTarget) -> PageMachine.Purpose {
        guard let agent = target.value("agent") else { return .answer(.error(404, "give agent=NAME")) }
        return .view(view, agent: agent)
    }

    private func pageScenario(_ target: RequestTarget) -> Scenario? {
        target.value("case").flatMap { Int($0) }.flatMap { plan.scenario(number: $0) }
            ?? target.value("casetuple").flatMap { plan.scenario(named: $0) }
    }
}

extension RequestTarget {
    /// Reads the client and the case from a path: the client comes first and contains no slash.
    fileprivate init(withCaseIn path: Substring, _ other: RequestTarget) {
        self = other
        let parts = path.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return }
        parameters = ["agent": [String(parts[0])], "casetuple": [String(parts[1])]]
    }
}
