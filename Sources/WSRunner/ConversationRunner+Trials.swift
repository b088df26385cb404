import WSProtocol
import WSScenario
import WSTranscript

/// Checks the reason that a peer gives for refusing a message.
extension ConversationRunner {
    /// Sends the refused message again in simpler forms, each on a new connection, and records the results.
    ///
    /// The judge reads them in the transcript, so that a single case is judged as in a whole run.
    func tryExcuse(of attempt: inout ConversationAttempt) async {
        guard let message = attempt.excusedMessage, let time = attempt.result.transcript?.events.last?.time else {
            return
        }
        for frames in message.frames > 1 ? [1, 2] : [1] {
            guard let trial = await trials.outcome(of: message, inFrames: frames, with: self) else { return }
            attempt.result.transcript?.events.append(TranscriptEvent(time: time, kind: .mark(.tried(trial))))
        }
    }

    /// Sends a message again and observes whether it comes back; nil if that could not be found out.
    fileprivate func trial(of message: MessageShape, inFrames frames: Int) async -> MessageTrial? {
        let scenario = Scenario.trial(of: message, inFrames: frames)
        for _ in 0..<TestRun.connectAttempts where !Task.isCancelled {
            let facts = await runOne(scenario, start: 0).facts
            guard facts.isFulfilled || facts.close?.isFirst == true else { continue }
            return MessageTrial(
                isText: message.opcode == .text,
                length: message.payload.count,
                frames: frames,
                cameBack: facts.isFulfilled
            )
        }
        return nil
    }
}

/// The trials of a run; each is made once, even if several conversations need it at a time.
///
/// A run that makes its scenarios up has no end of refused messages, so it forgets them when they are many.
actor TrialBook {
    private var trials: [MessageShape: Task<MessageTrial?, Never>] = [:]
    /// How many trials are remembered; the catalogue needs fewer.
    private static let mostRemembered = 512

    func outcome(
        of message: MessageShape,
        inFrames frames: Int,
        with conversations: ConversationRunner
    ) async -> MessageTrial? {
        var shape = message
        shape.frames = frames
        if trials.count >= Self.mostRemembered { trials.removeAll() }
        let trial = trials[shape] ?? Task { await conversations.trial(of: message, inFrames: frames) }
        trials[shape] = trial
        let outcome = await withTaskCancellationHandler {
            await trial.value
        } onCancel: {
            // Only the end of the run cancels a caller, and then all callers are cancelled.
            trial.cancel()
        }
        // A trial without a result may be made again.
        if outcome == nil { trials[shape] = nil }
        return outcome
    }
}

extension ConversationAttempt {
    /// The message that the peer refused with the code of its Close frame; nil if there is none to try.
    fileprivate var excusedMessage: MessageShape? {
        let codes = [CloseCode.unsupportedData, CloseCode.policyViolation, CloseCode.messageTooBig]
        guard result.status == .recorded, let close = facts.close, close.isFirst, let code = close.code,
            codes.contains(code), !facts.isFulfilled, result.scenario.needs == .echo
        else { return nil }
        if case .peerFails = result.scenario.conclusion { return nil }
        // A sweep around the peer's limit says itself what a refusal means.
        guard result.scenario.limitSweep == nil else { return nil }
        guard let message = result.scenario.refusedMessage(behind: facts.heardMessages) else { return nil }
        // What is not sent to its end has no echo that could show anything.
        return message.isWhole && (message.opcode == .text || message.opcode == .binary) ? message : nil
    }
}

extension Scenario {
    /// The scenario that sends a single message in one or two frames and waits for its echo.
    fileprivate static func trial(of message: MessageShape, inFrames frames: Int) -> Scenario {
        let count = message.payload.count
        var script: [Step] = [
            .sendMessage(
                MessageToSend(
                    message.opcode,
                    message.payload,
                    fragmentLength: frames == 1 ? max(1, count) : count / 2 + 1
                )
            )
        ]
        if frames == 2, count < 2 {
            script = [
                .send(FrameToSend(message.opcode, message.payload, fin: false)), .send(FrameToSend(.continuation)),
            ]
        }
        return Scenario(
            id: "control/trial/\(message.opcode.name)/\(count)/\(frames)",
            title: "A message like the one that was refused",
            requirements: [],
            needs: .echo,
            script: script,
            conclusion: .closeWhenComplete,
            behaviour: [.conforms(.events([.message(message.opcode, message.payload)]))],
            closing: [.conforms(.anything)]
        )
    }
}
