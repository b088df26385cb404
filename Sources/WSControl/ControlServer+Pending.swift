import Synchronization
import WSLink
import WSRunner

/// Requests that wait: for the result of a case, for the reports, or for the results so far.
extension ControlServer {
    /// Registers a request for the result of a case.
    func awaitOutcome(of scenario: String, agent: String, _ waker: LinkWaker) -> PendingRequest {
        let key = Key(agent: agent, scenario: scenario)
        return state.withLock { state in
            let pending = state.nextRequest()
            state.waiting[pending] = Waiting(what: .outcome(key), waker: waker)
            if let outcome = state.outcomes[key] { answer(pending, .outcome(outcome), &state) }
            return pending
        }
    }

    /// Registers a request for the reports, which waits until the client plays no case.
    func awaitReports(for agent: String, _ waker: LinkWaker) -> PendingRequest {
        state.withLock { state in
            let pending = state.nextRequest()
            let isFree = state.run.underWay(of: agent) == 0
            state.waiting[pending] = Waiting(what: .reports(agent, isTold: isFree), waker: waker)
            if isFree { continuation.yield(.reportsWanted(pending, agent: agent)) }
            return pending
        }
    }

    /// Registers a page's request for the results of a client so far, which waits for no conversation.
    ///
    /// - Returns: The request; nil if there are too many at the time, for each holds a whole document.
    func awaitView(_ view: PageView, of agent: String, _ waker: LinkWaker) -> PendingRequest? {
        state.withLock { state in
            guard state.viewing.count < ControlLimits.mostDocuments else { return nil }
            let pending = state.nextRequest()
            state.viewing.insert(pending)
            state.waiting[pending] = Waiting(what: .view, waker: waker)
            continuation.yield(.viewWanted(pending, view, agent: agent))
            return pending
        }
    }

    /// Answers a page's request for the results so far: here they are, or there are none for this reason.
    package func answer(_ pending: PendingRequest, with document: Result<PageDocument, ReportTrouble>) {
        state.withLock { state in
            switch document {
            case .success(let document): answer(pending, .document(document), &state)
            case .failure(let trouble): answer(pending, .trouble(trouble.line), &state)
            }
        }
    }

    /// Answers a request for reports: they are written, or could not be.
    package func answer(_ pending: PendingRequest, with written: Result<WrittenReport, ReportTrouble>) {
        state.withLock { state in
            switch written {
            case .success(let report): answer(pending, .reports(report), &state)
            case .failure(let trouble): answer(pending, .trouble(trouble.line), &state)
            }
        }
    }

    /// The answer to a pending request; nil while it has to wait.
    func answer(of pending: PendingRequest) -> PendingAnswer? {
        state.withLock { $0.answered[pending] }
    }

    /// Removes a request whose connection has ended.
    func withdraw(_ pending: PendingRequest) {
        state.withLock { state in
            state.waiting[pending] = nil
            state.answered[pending] = nil
            state.viewing.remove(pending)
        }
    }

    func answer(_ pending: PendingRequest, _ answer: PendingAnswer, _ state: inout State) {
        guard let waiting = state.waiting.removeValue(forKey: pending) else { return }
        state.answered[pending] = answer
        waiting.waker.wake()
    }
}

extension ControlServer.State {
    /// A request with a number of its own.
    fileprivate mutating func nextRequest() -> PendingRequest {
        lastRequest += 1
        return PendingRequest(number: lastRequest)
    }
}

/// The identity of a request that waits for an answer.
package struct PendingRequest: Sendable, Hashable {
    fileprivate var number: Int
}

/// The answer to a pending request.
enum PendingAnswer: Sendable {
    case outcome(CaseOutcome)
    case reports(WrittenReport)
    case document(PageDocument)
    case trouble(String)
}
