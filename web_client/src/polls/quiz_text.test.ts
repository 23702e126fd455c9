import { describe, expect, it } from 'vitest';
import { faultOf, readQuiz } from './quiz_text';

describe('a quiz as it is written', () => {
  it('is questions with their answers, whatever empty lines stand between', () => {
    expect(readQuiz('\n\nLonger?\n* Wisła\n  Ebro \n \n\n  Breads? \n*Chleb\n* Mollete\nSerrano\n')).toEqual([
      { question: 'Longer?', options: ['Wisła', 'Ebro'], right: [0] },
      { question: 'Breads?', options: ['Chleb', 'Mollete', 'Serrano'], right: [0, 1] },
    ]);
    expect(readQuiz(' \n\n ')).toEqual([]);
  });

  it('says which question lacks what', () => {
    const fault = (text: string) => faultOf(readQuiz(text));
    expect(fault('A?\n* one\ntwo')).toBeNull();
    expect(fault('A?\n* one\ntwo\n\nB?\n* one')).toEqual({ key: 'quiz_few_options', place: 2 });
    expect(fault('A?\none\ntwo')).toEqual({ key: 'quiz_no_right', place: 1 });
    expect(fault('')).toBeNull();
  });
});
