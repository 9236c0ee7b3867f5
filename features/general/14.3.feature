@sut:server
Feature: Privacy of the sender (14.3)

  Rule: Without privacy the address of the sender is passed on

    @14.3-p3
    Scenario: a message under the sender's own name
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends a pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered with the final response of Bob

  Rule: Privacy against the policy is rejected

    @14.3-p4a @set:no-anonymity
    Scenario: an anonymous message from one user to another
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends an anonymous pager-mode message to Bob
      Then Alice is answered with a refusal
      And Bob does not receive the message

    @14.3-p4a @set:no-ad-hoc-anonymity
    Scenario: an anonymous message to an ad-hoc group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice sends an anonymous pager-mode message to a URI-list with Bob and Ted
      Then Alice is answered with a refusal
      And Bob and Ted do not receive the message

    @14.3-p4b
    Scenario: an anonymous message to a group whose rules forbid it
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, which does not allow anonymity
      When Alice sends an anonymous pager-mode message to the group Friends
      Then Alice is answered with a refusal
      And Bob and Ted do not receive the message
