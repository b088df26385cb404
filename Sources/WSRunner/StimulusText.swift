import WSProtocol
package import WSScenario
import WSTranscript

/// Encodes a stimulus as JSON in one line with sorted members, so that its digest is stable.
///
/// Payloads are encoded as scenarios describe them, and long runs of octets as repetitions, so that 16 MiB take a few
/// octets. Default values are omitted. The encoder is written by hand for speed, because each conversation uses it.
package enum StimulusText {
    /// The octets of a stimulus, without a line end.
    package static func encode(_ stimulus: Stimulus) -> [UInt8] {
        var line = JSONLineWriter()
        line.octets.reserveCapacity(512)
        line.open()
        if let need = stimulus.compression {
            line.begin("compression")
            if need.keepsContext { line.member("keepsContext", true) }
            if need.offer != .any { line.member("offer", text: need.offer.rawValue) }
            line.member("windowBits", need.windowBits)
            line.closeElement()
        }
        switch stimulus.conclusion {
        case .closeWhenComplete: line.member("conclusion", text: "close-when-complete")
        case .peerFails(let lateBarrier):
            line.member("conclusion", text: lateBarrier ? "peer-fails-or-answers" : "peer-fails")
        case .awaitEnd: line.member("conclusion", text: "await-end")
        }
        if stimulus.connections != 1 { line.member("connections", stimulus.connections) }
        if let half = stimulus.scalingBaseline {
            line.begin("half")
            write(half.opening, nil, half.script, to: &line)
            line.closeElement()
        }
        write(stimulus.opening, stimulus.payloads, stimulus.script, to: &line)
        if let security = stimulus.security { write(security, to: &line) }
        if let stream = stimulus.stream { write(stream, to: &line) }
        line.closeElement()
        return line.octets
    }

    private static func write(
        _ opening: Opening,
        _ payloads: [Payload]?,
        _ script: [Step],
        to line: inout JSONLineWriter
    ) {
        line.begin("opening")
        write(opening, to: &line)
        line.closeElement()
        if let payloads {
            line.beginArray("payloads")
            for payload in payloads {
                line.openElement()
                write(payload, to: &line)
                line.closeElement()
            }
            line.endArray()
        }
        line.beginArray("script")
        for step in script {
            line.openElement()
            write(step, to: &line)
            line.closeElement()
        }
        line.endArray()
    }

    private static func write(_ payload: Payload, to line: inout JSONLineWriter) {
        switch payload {
        case .octets(let octets) where octets.count > OctetRuns.period:
            line.beginArray("parts")
            for run in OctetRuns(octets).runs {
                line.openElement()
                switch run {
                case .literal(let range): line.member("hex", hex: Array(octets[range]))
                case .again(let back, let length):
                    line.member("back", back)
                    line.member("length", length)
                }
                line.closeElement()
            }
            line.endArray()
        case .octets(let octets):
            line.member("hex", hex: octets)
        case .repeating(let unit, let length):
            line.member("length", length)
            line.member("unit", hex: unit)
        case .sample(let slice):
            line.member("data", text: slice.data.rawValue)
            line.member("length", slice.length)
            line.member("seed", slice.seed)
            line.member("start", slice.start)
        }
    }

    private static func member(_ name: StaticString, _ payload: Payload, to line: inout JSONLineWriter) {
        guard payload != .empty else { return }
        line.begin(name)
        write(payload, to: &line)
        line.closeElement()
    }

    private static func write(_ security: SecurityToSpeak, to line: inout JSONLineWriter) {
        line.begin("security")
        if let protocols = security.applicationProtocols { line.member("applicationProtocols", texts: protocols) }
        if let beside = security.beside {
            line.begin("beside")
            line.member("count", beside.count)
            line.member("hex", hex: beside.octets)
            line.closeElement()
        }
        if security.certificate != .usual { line.member("certificate", text: security.certificate.rawValue) }
        if let octets = security.insteadOfAnswer { line.member("insteadOfAnswer", hex: octets) }
        if security.isInTheClear { line.member("inTheClear", true) }
        if let place = security.recordCut { line.member("recordCut", place) }
        switch security.serverName {
        case .ofTarget: break
        case .none: line.member("serverName", text: "")
        case .other(let name): line.member("serverName", text: name)
        }
        if security.truncates { line.member("truncates", true) }
        if security.versions != .usual { line.member("version", text: security.versions.rawValue) }
        line.closeElement()
    }

    private static func write(_ stream: StreamToSpeak, to line: inout JSONLineWriter) {
        line.begin("stream")
        if !stream.afterwards.isEmpty { line.member("afterwards", hex: stream.afterwards) }
        switch stream.answer {
        case .fields(let lines, let endsStream):
            line.member("answer", texts: lines.flatMap { [$0.name, $0.value] })
            if endsStream { line.member("answerEnds", true) }
        case .frames(let octets): line.member("answerFrames", hex: octets)
        case nil: break
        }
        if stream.companions > 0 { line.member("companions", stream.companions) }
        if stream.endsRequest { line.member("endsRequest", true) }
        if stream.exceedsLimit { line.member("exceedsLimit", true) }
        if let request = stream.request { line.member("fields", texts: request.flatMap { [$0.name, $0.value] }) }
        if !stream.givesCredit { line.member("givesCredit", false) }
        write(stream.lateSettings, as: "lateSettings", to: &line)
        if !stream.leavesOut.isEmpty { line.member("leavesOut", texts: stream.leavesOut.map { "\($0)" }) }
        write(stream.settings, as: "settings", to: &line)
        line.closeElement()
    }

    private static func write(
        _ settings: [StreamToSpeak.Setting],
        as name: StaticString,
        to line: inout JSONLineWriter
    ) {
        guard !settings.isEmpty else { return }
        line.beginArray(name)
        for setting in settings {
            line.openElement()
            line.member("identifier", Int(setting.identifier))
            line.member("value", UInt64(setting.value))
            line.closeElement()
        }
        line.endArray()
    }

    // MARK: - Opening

    private static func write(_ opening: Opening, to line: inout JSONLineWriter) {
        switch opening {
        case .ordinary: line.member("kind", text: "ordinary")
        case .framesWithHandshake: line.member("kind", text: "frames-with-handshake")
        case .negotiating(let compression):
            line.member("answers", texts: compression.answers.map(\.element.text))
            line.member("kind", text: "negotiating")
            line.member("offers", texts: compression.offers.map(\.element.text))
        case .request(let request):
            write(request.ending, to: &line)
            if let followUp = request.followUp { line.member("followUp", hex: followUp) }
            line.member("kind", text: "request")
            write(request.pacing, to: &line)
            member("padding", request.padding, to: &line)
            line.member("template", hex: request.template)
        case .response(let response):
            write(response.ending, to: &line)
            line.member("kind", text: "response")
            write(response.pacing, to: &line)
            member("padding", response.padding, to: &line)
            line.member("template", hex: response.template)
        }
    }

    private static func write(_ ending: RequestToSend.Ending?, to line: inout JSONLineWriter) {
        guard let ending else { return }
        line.begin("ending")
        switch ending {
        case .endOutput(let milliseconds):
            line.member("kind", text: "end-output")
            line.member("milliseconds", milliseconds)
        case .reset(let milliseconds):
            line.member("kind", text: "reset")
            line.member("milliseconds", milliseconds)
        }
        line.closeElement()
    }

    private static func write(_ pacing: RequestToSend.Pacing, to line: inout JSONLineWriter) {
        if case .whole = pacing { return }
        line.begin("pacing")
        switch pacing {
        case .whole: break
        case .pieces(let length):
            line.member("kind", text: "pieces")
            line.member("length", length)
        case .holdingBack(let last, let milliseconds):
            line.member("kind", text: "holding-back")
            line.member("length", last)
            line.member("milliseconds", milliseconds)
        case .awaitingContinue(let last):
            line.member("kind", text: "awaiting-continue")
            line.member("length", last)
        }
        line.closeElement()
    }

    // MARK: - Steps

    private static func write(_ step: Step, to line: inout JSONLineWriter) {
        switch step {
        case .send(let frame):
            write(frame, kind: "send", to: &line)
        case .sendMessage(let message):
            line.member("fragmentLength", message.fragmentLength)
            line.member("kind", text: "send-message")
            line.member("opcode", Int(message.opcode.rawValue))
            member("payload", message.payload, to: &line)
        case .sendRun(let run):
            line.member("count", run.count)
            write(run.frame, kind: run.isNumbered ? "send-numbered-run" : "send-run", to: &line)
        case .startClosingHandshake(let body, let pacing):
            line.member("kind", text: "start-closing-handshake")
            write(pacing, to: &line)
            member("payload", body, to: &line)
        case .beginFrame(let fin, let opcode, let length):
            if !fin { line.member("fin", false) }
            line.member("kind", text: "begin-frame")
            line.member("length", length)
            line.member("opcode", Int(opcode.rawValue))
        case .continueFrame(let payload):
            line.member("kind", text: "continue-frame")
            member("payload", payload, to: &line)
        case .barrier(let tag, let pings):
            line.member("count", pings)
            line.member("kind", text: "barrier")
            line.member("tag", text: tag)
        case .quiesce(let tag):
            line.member("kind", text: "quiesce")
            line.member("tag", text: tag)
        case .awaitPong(let payload):
            line.member("kind", text: "await-pong")
            member("payload", payload, to: &line)
        case .sendOctets(let octets):
            line.member("hex", hex: octets)
            line.member("kind", text: "send-octets")
        case .pause(let milliseconds):
            line.member("kind", text: "pause")
            line.member("milliseconds", milliseconds)
        case .pauseReading(let milliseconds):
            line.member("kind", text: "pause-reading")
            line.member("milliseconds", milliseconds)
        case .echoLoop(let loop):
            if loop.compression != nil { line.member("compressed", true) }
            line.member("count", loop.fullCount)
            if let length = loop.compression?.fragmentLength { line.member("fragmentLength", length) }
            line.member("kind", text: "echo-loop")
            line.member("opcode", Int(loop.opcode.rawValue))
            member("payload", loop.payload, to: &line)
            line.member("quickCount", loop.quickCount)
            if let turn = loop.turn { line.member("turn", turn) }
        case .awaitClose: line.member("kind", text: "await-close")
        case .ignorePings: line.member("kind", text: "ignore-pings")
        case .ignoreClose: line.member("kind", text: "ignore-close")
        case .endOutput: line.member("kind", text: "end-output")
        case .reset: line.member("kind", text: "reset")
        case .sendOnConnection(let frames):
            line.member("hex", hex: frames)
            line.member("kind", text: "send-on-connection")
        case .pingConnection: line.member("kind", text: "ping-connection")
        }
    }

    private static func write(_ frame: FrameToSend, kind: String, to line: inout JSONLineWriter) {
        if let length = frame.claimedLength { line.member("claimedLength", length) }
        if !frame.fin { line.member("fin", false) }
        line.member("kind", text: kind)
        if frame.lengthEncoding != .minimal { line.member("lengthEncoding", text: frame.lengthEncoding.rawValue) }
        switch frame.masking {
        case .ofRole: break
        case .none: line.member("masking", text: "none")
        case .fresh: line.member("masking", text: "fresh")
        case .key(let key): line.member("maskingKey", UInt64(key))
        }
        line.member("opcode", Int(frame.opcode.rawValue))
        write(frame.pacing, to: &line)
        member("payload", frame.payload, to: &line)
        if frame.rsv != 0 { line.member("rsv", Int(frame.rsv)) }
    }

    private static func write(_ pacing: WritePacing, to line: inout JSONLineWriter) {
        if case .together = pacing { return }
        line.begin("pacing")
        switch pacing {
        case .together: break
        case .separately: line.member("kind", text: "separately")
        case .pieces(let length):
            line.member("kind", text: "pieces")
            line.member("length", length)
        case .split(let place):
            line.member("kind", text: "split")
            line.member("length", place)
        case .firstOctets(let count):
            line.member("kind", text: "first-octets")
            line.member("length", count)
        }
        line.closeElement()
    }
}
